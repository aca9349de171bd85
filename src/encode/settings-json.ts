/** JSON as editors write it: with comments, and commas at the end. */
import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from 'jsonc-parser';
import type { Edit, Settings } from './edits.ts';
import { jsonText } from './json.ts';
import { lineColumnAt } from './line-column.ts';
import { unreadable, type SettingsFormat } from './settings-format.ts';

const LENIENT = { allowTrailingComma: true, disallowComments: false };

export const json: SettingsFormat = { read, ways: [withLines, modified] };

function read(text: string): Settings {
  if (isBare(text)) return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, LENIENT);
  const [error] = errors;
  if (error !== undefined) {
    const { line, column } = lineColumnAt(text, error.offset);
    const words = printParseErrorCode(error.error).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
    throw unreadable('JSON', words.toLowerCase(), line, column);
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- editsOf tells what is no object
  return value as Settings;
}

/** Nothing but blanks and comments. */
function isBare(text: string): boolean {
  return parseTree(text, [], LENIENT) === undefined && /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*$/.test(text);
}

/** The library puts a new member between the last one and its comment: on a line of its own the comment stays where it belongs. */
function withLines(text: string, edits: readonly Edit[]): string {
  return edits.reduce((made, each) => lineAdded(made, each) ?? modified(made, [each]), text);
}

/** What may stand between a member and its comma, and behind the comma on its line. */
const BEFORE_COMMA = /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*,/;
const REST_OF_LINE = /^[ \t]*(?:\/\/[^\n]*)?\r?$/;

/** `null`: its object is not written with a line for each member. */
function lineAdded(text: string, { path, value, isThere }: Edit): string | null {
  const tree = parseTree(text, [], LENIENT);
  const around = tree === undefined || isThere ? undefined : findNodeAtLocation(tree, path.slice(0, -1));
  const last = around?.type === 'object' ? around.children?.at(-1) : undefined;
  if (last === undefined) return null;
  const end = last.offset + last.length;
  const comma = BEFORE_COMMA.exec(text.slice(end))?.[0] ?? '';
  const lineEnd = text.indexOf('\n', end + comma.length);
  const indent = /^[ \t]*(?=")/.exec(text.slice(text.lastIndexOf('\n', last.offset) + 1))?.[0];
  if (lineEnd === -1 || indent === undefined || !REST_OF_LINE.test(text.slice(end + comma.length, lineEnd)))
    return null;
  const [before, after] = comma === '' ? [',', ''] : ['', ','];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = memberLines(String(path.at(-1)), value, indentIn(text)).map((line) => indent + line);
  const added = `${lines.join(eol)}${after}${eol}`;
  return `${text.slice(0, end)}${before}${text.slice(end, lineEnd + 1)}${added}${text.slice(lineEnd + 1)}`;
}

/** A member as lines, without the braces around it. */
function memberLines(name: string, value: Edit['value'], { insertSpaces, tabSize }: Indent): readonly string[] {
  const step = insertSpaces ? ' '.repeat(tabSize) : '\t';
  const inBraces = jsonText({ [name]: value })
    .trimEnd()
    .split('\n')
    .slice(1, -1);
  return inBraces.map((line) => line.slice(2).replace(/^ +/, (blanks) => step.repeat(blanks.length / 2)));
}

function modified(text: string, edits: readonly Edit[]): string {
  if (isBare(text) && text !== '') return `${text.trimEnd()}\n`.trimStart() + modified('', edits);
  const made = edits.reduce((before, { path, value }) => {
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const options = isOnOneLine(before, path) ? {} : { formattingOptions: { ...indentIn(before), eol } };
    return applyEdits(before, modify(before, [...path], value, options));
  }, text);
  return text === '' ? `${made}\n` : made;
}

/** The library formats the whole lines that it touches: what somebody wrote on one line is left to that. */
function isOnOneLine(text: string, path: Edit['path']): boolean {
  const tree = parseTree(text, [], LENIENT);
  if (tree === undefined) return false;
  const depths = path.map((_, index) => path.slice(0, path.length - 1 - index));
  const around = depths.map((each) => findNodeAtLocation(tree, [...each])).find((node) => node !== undefined) ?? tree;
  const inside = text.slice(around.offset, around.offset + around.length);
  return !inside.includes('\n') && (around.children ?? []).length > 0;
}

type Indent = { readonly insertSpaces: boolean; readonly tabSize: number };

/** As the first line that is indented. */
function indentIn(text: string): Indent {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length };
}
