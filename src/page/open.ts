/** What somebody typed → their letter, or in words why there is none. Typing errors are found before any arithmetic. */
import { isCode, readCode } from '../model/code.ts';
import { fromBase64, keyBytes, opened, type Letter } from '../handout/envelope.ts';
import { filled } from '../handout/language.ts';
import type { PageData } from '../handout/page-data.ts';
import { slowKey, slowlyOpened } from './slow.ts';

export type Opened = { readonly letter: Letter } | { readonly problem: string };

/** `progress`: from 0 to 1, only where it takes long enough to be told. */
export async function open(typed: string, data: PageData, progress: (part: number) => void): Promise<Opened> {
  const { words, rounds, envelopes } = data;
  const code = readCode(typed);
  if (!isCode(code)) {
    const values = code.is === 'character' ? { character: code.character } : {};
    return { problem: filled(words[code.is], values) };
  }
  const envelope = envelopes.find(([seat]) => seat === code.seat);
  const values = { seat: String(code.seat) };
  if (envelope === undefined) return { problem: filled(words.noSeat, values) };
  const salt = fromBase64(envelope[1]);
  const text = hasWebCrypto()
    ? await opened(envelope, await keyBytes(code.text, { salt, rounds }))
    : slowlyOpened(envelope, await slowKey(code.text, salt, rounds, progress));
  // oxlint-disable-next-line no-unsafe-type-assertion -- vkeys wrote it, and nobody else has the code
  return text === null ? { problem: filled(words.wrong, values) } : { letter: JSON.parse(text) as Letter };
}

/** The DOM's types do not know that browsers leave it out. */
function hasWebCrypto(): boolean {
  return 'subtle' in crypto && (crypto.subtle as SubtleCrypto | undefined) !== undefined;
}
