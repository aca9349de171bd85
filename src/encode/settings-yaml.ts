/**
 * YAML. The library writes a whole document anew, in its own form; so what is added is put in as lines of text where that can
 * be done, and what is changed in the place of its old value.
 */
import { isCollection, isMap, isPair, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import type { Edit, Settings } from './edits.ts';
import { lineColumnAt } from './line-column.ts';
import { unreadable, type SettingsFormat } from './settings-format.ts';
import { indent } from './terminal.ts';
import { yamlText } from './yaml.ts';

export const yaml: SettingsFormat = { read, ways: [inText, inDocument] };

function read(text: string): Settings {
  const document = parseDocument(text);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    const [why = ''] = error.message.split(/ at line|:?\n/);
    throw unreadable('YAML', `${why.charAt(0).toLowerCase()}${why.slice(1)}`, line, col);
  }
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- editsOf tells what is no object
    return (document.toJS() ?? {}) as Settings;
  } catch {
    /* An alias that has no anchor, or aliases of aliases of aliases. */
    const { line, column } = lineColumnAt(text, text.search(/(?<=[\s[{,])\*/));
    throw unreadable('YAML', 'an alias does not lead to an anchor', line, column);
  }
}

function inDocument(text: string, edits: readonly Edit[]): string {
  const document = parseDocument(text);
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

function inText(text: string, edits: readonly Edit[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return edits.reduce((made, each) => oneInText(made, each, eol), text);
}

function oneInText(text: string, edit: Edit, eol: string): string {
  const { path, value, isThere } = edit;
  const document = parseDocument(text);
  if (document.contents === null) return added(text, text.length, yamlText({ [String(path[0])]: value }), 0, eol);
  if (isThere) {
    const old = document.getIn(path, true);
    if (!isScalar(old) || old.range == null || typeof value === 'object') throw unfit();
    return `${text.slice(0, old.range[0])}${JSON.stringify(value)}${text.slice(old.range[1])}`;
  }
  const around = parentOf(document, path);
  if (!isCollection(around) || around.flow === true || around.items.length === 0) throw unfit();
  const last = path.at(-1);
  const lines = yamlText(isSeq(around) ? [value] : { [String(last)]: value });
  return added(text, endOf(around), lines, columnOf(text, around), eol);
}

function parentOf(document: Document.Parsed, path: Edit['path']): unknown {
  return path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
}

/** The text with lines after the one in which something ends. */
function added(text: string, end: number, lines: string, column: number, eol: string): string {
  const isAfterLine = end === 0 || text[end - 1] === '\n';
  const lineEnd = text.indexOf('\n', end);
  const at = isAfterLine ? end : lineEnd === -1 ? text.length : lineEnd + 1;
  const gap = at === 0 || text[at - 1] === '\n' ? '' : eol;
  const block = indent(lines, ' '.repeat(column)).replaceAll('\n', eol);
  return `${text.slice(0, at)}${gap}${block}${text.slice(at)}`;
}

/** Where the last of what is in a block ends: comments behind it belong to what follows. */
function endOf(node: Node): number {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  const inner = isPair(last) ? (last.value ?? last.key) : last;
  // oxlint-disable-next-line no-unsafe-type-assertion -- what was parsed has nodes in it
  return inner == null ? (node.range?.[1] ?? 0) : endOf(inner as Node);
}

/** Where the items of a block begin in their lines. */
function columnOf(text: string, block: Node): number {
  const [first] = isMap(block) ? block.items : [];
  const start = first === undefined ? (block.range?.[0] ?? 0) : startOf(first.key);
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function startOf(key: unknown): number {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what was parsed has nodes in it
  return (key as Node).range?.[0] ?? 0;
}

/** The other way is tried. */
function unfit(): Error {
  return new Error('not a block');
}
