/** Bytes that people saved as text → the text; or what they are instead, and where that shows first. */
import { isUtf8 } from 'node:buffer';

/** `text` has the bytes as far as they can be shown, `at` the first offset in it that is wrong. */
export type Undecoded = {
  readonly encoding: 'UTF-16' | 'Windows-1252' | 'workbook';
  readonly text: string;
  readonly at: number;
};

/** UTF-8, or UTF-16 with a mark; without the mark. */
export function decodeText(bytes: Uint8Array): string | Undecoded {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (WORKBOOKS.some((start) => start.every((byte, index) => byte === bytes[index])))
    return { encoding: 'workbook', text: '', at: 0 };
  if (second === 0 || (first === 0 && bytes.length > 1))
    return { encoding: 'UTF-16', text: new TextDecoder(first === 0 ? 'utf-16be' : 'utf-16le').decode(bytes), at: 0 };
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : otherwise(bytes);
}

/** What the files of a spreadsheet begin with: a ZIP, and what was there before. */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/** The longest beginning that is UTF-8, and the rest with a character for each byte. */
function otherwise(bytes: Uint8Array): Undecoded {
  let [sound, wrong] = [0, bytes.length];
  while (sound < wrong) {
    const middle = Math.ceil((sound + wrong) / 2);
    if (begins(bytes.subarray(0, middle))) sound = middle;
    else wrong = middle - 1;
  }
  let at = sound;
  while (!isUtf8(bytes.subarray(0, at))) at -= 1;
  const before = new TextDecoder().decode(bytes.subarray(0, at));
  const text = before + new TextDecoder('windows-1252').decode(bytes.subarray(at));
  return { encoding: 'Windows-1252', text, at: before.length };
}

/** Whether this is UTF-8 as far as it goes; its last character may be cut. */
function begins(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a file, and how it is saved as it should be. */
export function undecodedWords(
  name: string,
  { encoding }: Undecoded,
): { readonly message: string; readonly hint: string } {
  switch (encoding) {
    case 'workbook':
      return { message: `${name} is a workbook of a spreadsheet, and no text.`, hint: SAVE };
    case 'UTF-16':
      return { message: `${name} is no UTF-8: it looks like UTF-16 without its mark.`, hint: iconv(name, 'UTF-16LE') };
    case 'Windows-1252':
      return {
        message: `${name} is no UTF-8 from here on: it looks like Windows-1252, as Excel saves "CSV".`,
        hint: `${SAVE} Or: ${iconv(name, 'WINDOWS-1252')}`,
      };
  }
}

const SAVE = 'In Excel: Save As, "CSV UTF-8 (Comma delimited)". In an editor: save with the encoding UTF-8.';

function iconv(name: string, from: string): string {
  return `iconv -f ${from} -t UTF-8 '${name}' > utf8-${name.replace(/.*[\\/]/, '')}`;
}
