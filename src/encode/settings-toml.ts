/** TOML. A new table gets lines of its own at the end, as people write it; what is changed is left to the library. */
import { parse, patch, stringify } from '@decimalturn/toml-patch';
import { edited, type Edit, type Settings } from './edits.ts';
import { unreadable, type SettingsFormat } from './settings-format.ts';

export const toml: SettingsFormat = { read, ways: [withSections, patched] };

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

function patched(text: string, edits: readonly Edit[]): string {
  return patch(text, edited(read(text), edits), FORM);
}

function withSections(text: string, edits: readonly Edit[]): string {
  const isTable = ({ value, isThere }: Edit): boolean => typeof value === 'object' && !Array.isArray(value) && !isThere;
  const changed = patched(
    text,
    edits.filter((each) => !isTable(each)),
  );
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const sections = edits.filter(isTable).map((each) => {
    /* The headings of tables that have nothing but tables say nothing. */
    const section = stringify(edited({}, [each]), FORM).replaceAll(/^\[[^\n]*\]\n+(?=\[)/gm, '');
    return `\n${section.trimEnd()}\n`.replaceAll('\n', eol);
  });
  const gap = changed === '' || changed.endsWith('\n') ? '' : eol;
  return `${changed}${gap}${sections.join('')}`.replace(/^\s+(?=\[)/, '');
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
