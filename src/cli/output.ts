/** The result: what goes to stdout, in the format that was asked for. */
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { variable } from '../base/variables.ts';
import { jsonText } from '../encode/json.ts';
import type { Content } from '../view/document.ts';
import type { Console } from './console.ts';
import { FORMATS, type Format, type Globals } from './options.ts';
import { sayError } from './say.ts';

/** The format that was asked for: by flag, then by VKEYS_OUTPUT, else `table`. Throws `usage`. */
export function formatOf(console: Console, globals: Pick<Globals, 'output'>): Format {
  const asked = globals.output ?? variable(console.env, 'VKEYS_OUTPUT');
  if (asked === undefined) return 'table';
  if (asked === true) throw new VkeysError('usage', '-o needs a format.', `It is one of ${FORMATS.join(', ')}.`);
  const format = FORMATS.find((known) => known === asked);
  if (format !== undefined) return format;
  throw new VkeysError('usage', `VKEYS_OUTPUT is ${asked}.`, `It is one of ${FORMATS.join(', ')}.`);
}

/** Throws `usage` unless the format is one that this command has. */
export function formatAmong<F extends Format>(
  console: Console,
  globals: Pick<Globals, 'output'>,
  formats: readonly F[],
): F {
  const asked = formatOf(console, globals);
  const format = formats.find((known) => known === asked);
  if (format !== undefined) return format;
  throw new VkeysError('usage', `-o ${asked} is not for this command.`, `Here it is one of ${formats.join(', ')}.`);
}

/** Whether what apply prints in this format has its keys in full. */
export function printsKeys(
  format: Format,
  { secrets, showKeys }: Pick<Globals, 'secrets'> & { readonly showKeys?: true | undefined },
): boolean {
  return format === 'table' ? showKeys === true : secrets && format !== 'virtualkey-status';
}

/** For what prints something of its own, whatever VKEYS_OUTPUT says. Throws `usage` for a format on the command line. */
export function assertNoFormat({ output }: Pick<Globals, 'output'>): void {
  if (output === undefined) return;
  throw new VkeysError('usage', '-o is not for this command.', 'It prints one thing in one form: leave -o out.');
}

/** A value as JSON or YAML on stdout. */
export async function emit(console: Console, format: 'json' | 'yaml', value: unknown): Promise<void> {
  const text = format === 'json' ? jsonText(value) : (await import('../encode/yaml.ts')).yamlText(value);
  console.stdout.write(text);
}

/** Characters, about, that are written at once. */
const CHUNK = 65_536;

/** A long text on stdout, made no faster than it is read; not to its end where nobody reads it any more. */
export async function writeChunks({ stdout }: Console, chunks: Iterable<string>): Promise<void> {
  let text = '';
  for (const chunk of chunks) {
    text += chunk;
    if (text.length < CHUNK) continue;
    stdout.write(text);
    text = '';
    if (((await stdout.arrived?.()) ?? null) !== null) return;
  }
  stdout.write(text);
}

/** Rows of which there may be more than should be held at once. */
type Rows = { readonly rows: () => Iterable<JsonObject>; readonly names: () => readonly string[] };

/** For programs, piece by piece: the rows as CSV, or as this member of a command's document. */
export async function rowChunks(
  { now }: Console,
  format: 'table' | 'json' | 'yaml' | 'csv',
  member: string,
  list: Rows,
  content: Omit<Content, 'ended'>,
): Promise<Iterable<string>> {
  if (format === 'csv') return (await import('../encode/csv.ts')).csvChunks(list.names(), list.rows());
  const { documentOf } = await import('../view/document.ts');
  const document = documentOf({ ...content, ended: now() });
  if (format === 'yaml') return (await import('../encode/yaml.ts')).yamlChunks(document, member, list.rows());
  return (await import('../encode/json.ts')).jsonChunks(document, member, list.rows());
}

/** The document of a command on stdout; on stderr the same error in words. */
async function emitDocument(
  console: Console,
  globals: Pick<Globals, 'color'>,
  format: 'json' | 'yaml',
  document: JsonObject,
  error: VkeysError | null = null,
): Promise<void> {
  await emit(console, format, document);
  if (error !== null) await sayError(console, globals, error);
}

/** The document of a command that is no run: what it has to say, in the one shape that all have. */
export async function emitContent(
  console: Console,
  globals: Pick<Globals, 'color'>,
  format: 'json' | 'yaml',
  content: Omit<Content, 'ended'>,
): Promise<void> {
  const { documentOf } = await import('../view/document.ts');
  const document = documentOf({ ...content, ended: console.now() });
  await emitDocument(console, globals, format, document, content.error ?? null);
}
