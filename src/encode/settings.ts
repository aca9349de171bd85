/**
 * Files of settings that belong to somebody else: our members are put in, and comments, order and form of everything else stay.
 * Whatever a library makes of the text is read again, and is refused where it says anything but what it said before and our members.
 */
import { isDeepStrictEqual } from 'node:util';
import { VkeysError } from '../base/errors.ts';
import type { FileFormat, Templates } from './client.ts';
import { edited, editsOf, without, type Edit } from './edits.ts';
import type { SettingsFormat } from './settings-format.ts';

/** Each is loaded with its library when it is needed. */
const FORMATS: Readonly<Record<FileFormat, () => Promise<SettingsFormat>>> = {
  json: async () => (await import('./settings-json.ts')).json,
  toml: async () => (await import('./settings-toml.ts')).toml,
  yaml: async () => (await import('./settings-yaml.ts')).yaml,
  dotenv: async () => (await import('./settings-dotenv.ts')).dotenv,
};

export type Merged = { readonly text: string; readonly edits: readonly Edit[] };

/** The text with the members in it; the same text where it has them. Throws `config` for a file that does not parse, with line and column. */
export async function mergeSettings(
  text: string,
  format: FileFormat,
  members: Templates,
  kept: readonly string[] = [],
): Promise<Merged> {
  const { read, ways } = await FORMATS[format]();
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const before = read(body);
  const edits = editsOf(before, members, kept);
  if (edits.length === 0) return { text, edits };
  const wanted = edited(before, edits);
  const isRight = (made: string): boolean => isDeepStrictEqual(read(made), wanted);
  let why = unfit();
  for (const way of ways) {
    try {
      const made = way(body, edits);
      if (isRight(made)) return { text: mark + made, edits };
    } catch (error) {
      /* A library may fail at what it cannot do; of what vkeys says itself the last counts. */
      if (!(error instanceof Error)) throw error;
      if (error instanceof VkeysError) why = error;
    }
  }
  throw why;
}

/** Whether two texts say the same but for the values of these members. Not where one of them does not parse. */
export async function areAlikeBut(
  members: readonly Templates[],
  format: FileFormat,
  texts: readonly [string, string],
): Promise<boolean> {
  const { read } = await FORMATS[format]();
  try {
    const [one, other] = texts.map((text) => members.reduce(without, read(text.replace(/^\uFEFF/, ''))));
    return isDeepStrictEqual(one, other);
  } catch (error) {
    if (error instanceof VkeysError) return false;
    throw error;
  }
}

function unfit(): VkeysError {
  return new VkeysError(
    'config',
    'The file is written in a way that cannot be added to without changing something else in it.',
    'Put in by hand what the same command prints without --write, or choose another file: --file PATH',
  );
}

/** The members as a text of their own. */
export async function settingsText(format: FileFormat, members: Templates): Promise<string> {
  return (await mergeSettings('', format, members)).text;
}
