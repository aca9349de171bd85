/**
 * TOML. The library moves remarks of other lines, and writes a new table in one: so it is given what can be done in no other
 * way, the inside of tables.
 */
import { parse, patch, stringify } from '@decimalturn/toml-patch';
import { edited, type Edit, type Settings } from './edits.ts';
import { unreadable, type SettingsFormat } from './settings-format.ts';

export const toml: SettingsFormat = { read, ways: [inLines, patched] };

/** The depth from which tables stand on one line: deeper than any of a client's. */
const FORM = { inlineTableStart: 4 };

function read(text: string): Settings {
  try {
    return asPlain(parse(text));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [line, column] = ['line' in error ? Number(error.line) : 1, 'column' in error ? Number(error.column) + 1 : 1];
    throw unreadable('TOML', lowered(error.message.split('\n').at(-1) ?? ''), line, column);
  }
}

function lowered(text: string): string {
  return text.replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** The library makes mixed ends of lines one, and says so to the console. */
function patched(text: string, edits: readonly Edit[]): string {
  return edits.length === 0 ? text : patch(text.replaceAll(/\r?\n/g, eolOf(text)), edited(read(text), edits), FORM);
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function inLines(text: string, edits: readonly Edit[]): string {
  const tables = edits.filter(({ value, isThere }) => typeof value === 'object' && !Array.isArray(value) && !isThere);
  const lines = edits.filter(({ path, value }) => path.length === 1 && typeof value === 'string');
  const changed = patched(
    text,
    edits.filter((each) => !tables.includes(each) && !lines.includes(each)),
  );
  const eol = eolOf(text);
  const there = lines.filter(({ isThere }) => isThere).reduce(withValue, changed);
  const added = lines.filter(({ isThere }) => !isThere);
  return withTables(withLines(there, added, eol), tables, eol);
}

/** The value of a line that is of no table; where it takes more lines, the library has to do it. */
function withValue(text: string, { path: [name = ''], value }: Edit): string {
  const line = new RegExp(String.raw`^(${String(name)}[ \t]*=[ \t]*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*')`, 'm');
  return text.replace(line, (_, before: string) => before + JSON.stringify(value));
}

/** Behind the last line that is of no table: what is said of the first table stays above it. */
function withLines(text: string, edits: readonly Edit[], eol: string): string {
  if (edits.length === 0) return text;
  const added = stringify(edited({}, edits), FORM).replaceAll('\n', eol);
  const head = /^[ \t]*\[/m.exec(text)?.index ?? text.length;
  const end = text.slice(0, head).replace(/(?<=^|\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)+$/, '').length;
  if (head === text.length) return `${ended(text, eol)}${added}`;
  return `${text.slice(0, end)}${added}${end === 0 ? eol : ''}${text.slice(end)}`;
}

/** The headings of tables that have nothing but tables say nothing, and are left out. */
function withTables(text: string, edits: readonly Edit[], eol: string): string {
  const sections = edits.map((each) => {
    const section = stringify(edited({}, [each]), FORM).replaceAll(/^\[[^\n]*\]\n+(?=\[)/gm, '');
    return `\n${section.trimEnd()}\n`.replaceAll('\n', eol);
  });
  return `${ended(text, eol)}${sections.join('')}`.replace(/^\s+(?=\[)/, '');
}

function ended(text: string, eol: string): string {
  return text === '' || text.endsWith('\n') ? text : text + eol;
}

/** Objects without a prototype are equal to no other. Moments stay as they are. */
function asPlain(value: unknown): Settings {
  // oxlint-disable-next-line no-unsafe-type-assertion -- a table of TOML is an object
  return plain(value) as Settings;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
