/**
 * A .env file as its owner wrote it, with some variables set. Everything else – comments, order, `export`, foreign
 * variables whose quoted values run over lines, CRLF – stays byte for byte, so the file is cut into pieces that join to
 * exactly the same text, and only pieces of ours are written anew.
 */
import { parseEnv } from 'node:util';
import { VkeysError } from '../base/errors.ts';
import { lineColumnAt, type LineColumn } from './line-column.ts';
import { quote } from './variable.ts';
import { oneLine } from './terminal.ts';

/** A stretch of the file: an assignment with its line break, or whatever else stands there. */
type Piece =
  | { readonly kind: 'other'; readonly raw: string }
  | {
      readonly kind: 'variable';
      readonly raw: string;
      readonly name: string;
      readonly value: string;
      /** What stands before the value (`export NAME=`) and after it (a comment, the line break). */
      readonly before: string;
      readonly after: string;
    };

const ASSIGNMENT = /^(\uFEFF?[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*)/;
/** Quoted, and followed by nothing but a comment. */
const QUOTED =
  /^(?:'(?<single>[^']*)'|"(?<double>[^"\\]*(?:\\[^][^"\\]*)*)"|`(?<back>[^`]*)`)(?=[ \t]*(?:#[^\n]*)?(?:\r?\n|$))/;

/** The variables of a file; of one that is there twice, the last, as every reader does. */
export function readDotenv(text: string): ReadonlyMap<string, string> {
  return new Map(piecesOf(text).flatMap((piece) => (piece.kind === 'variable' ? [[piece.name, piece.value]] : [])));
}

/**
 * The text with the variables set: in place where they are, at the end where they are not. Throws `delivery` for a
 * value that has no form, and when a line of the file, such as a quote that is left open, would swallow a variable.
 */
export function mergeDotenv(text: string, variables: ReadonlyMap<string, string>): string {
  const pieces = piecesOf(text);
  const body = pieces.map((piece) => written(piece, variables)).join('');
  const there = new Set(pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : [])));
  const missing = [...variables].filter(([name]) => !there.has(name));
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const gap = missing.length === 0 || /^\uFEFF?$|\n$/.test(body) ? '' : eol;
  const merged = body + gap + missing.map(([name, value]) => `${name}=${quote(name, value)}${eol}`).join('');
  const lost = lostBy(text, merged, variables);
  if (lost === undefined) return merged;
  throw new VkeysError(
    'delivery',
    `${oneLine(lost)} cannot be set: the file has a line that readers understand differently, such as a quote that is left open.`,
    'Mend that line, or move the file away.',
    { facts: oddLineIn(text, pieces) },
  );
}

/** Where the first line is that is no assignment, or one whose quote is left open. */
function oddLineIn(text: string, pieces: readonly Piece[]): Partial<LineColumn> {
  const odd = pieces.findIndex((piece) => {
    if (piece.kind === 'other') return !/^\uFEFF?\s*(?:#|$)/.test(piece.raw);
    const value = piece.raw.slice(piece.before.length);
    return /^["'`]/.test(value) && quotedAt(value) === null;
  });
  if (odd === -1) return {};
  const before = pieces.slice(0, odd).reduce((sum, { raw }) => sum + raw.length, 0);
  return lineColumnAt(text, before);
}

/**
 * A variable that would not be read as it should, ours or another. Readers disagree about quotes that are left open or
 * followed by something, so two are asked: this one and Node's.
 */
function lostBy(before: string, after: string, variables: ReadonlyMap<string, string>): string | undefined {
  const ours = readDotenv(after);
  const [was, is] = [readAsNode(before), readAsNode(after)];
  return (
    [...variables].find(([name, value]) => ours.get(name) !== value)?.[0] ??
    [...variables.keys(), ...was.keys(), ...is.keys()].find(
      (name) => is.get(name) !== (variables.get(name) ?? was.get(name)),
    )
  );
}

/** Node 20 takes a byte order mark, and lines without `=`, for the beginning of the next name. */
const BEFORE_NAME = /^(?:[^]*[\n\uFEFF])?[ \t]*(?:export[ \t]+)?/;

function readAsNode(text: string): ReadonlyMap<string, string | undefined> {
  return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name.replace(BEFORE_NAME, ''), value]));
}

/** The text without these variables. */
export function withoutVariables(text: string, names: ReadonlySet<string>): string {
  return piecesOf(text)
    .filter((piece) => piece.kind === 'other' || !names.has(piece.name))
    .map(({ raw }) => raw)
    .join('');
}

function written(piece: Piece, variables: ReadonlyMap<string, string>): string {
  const value = piece.kind === 'other' ? undefined : variables.get(piece.name);
  if (piece.kind === 'other' || value === undefined || value === piece.value) return piece.raw;
  const { name, before, after } = piece;
  const comment = after.startsWith('#') ? ` ${after}` : after;
  return `${before.replace(/[ \t]*=[ \t]*$/, '=')}${quote(name, value)}${comment}`;
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  while (rest !== '') {
    const piece = pieceAt(rest);
    pieces.push(piece);
    rest = rest.slice(piece.raw.length);
  }
  return pieces;
}

function pieceAt(text: string): Piece {
  const [, before, name] = ASSIGNMENT.exec(text) ?? [];
  const found =
    before === undefined ? null : (quotedAt(text.slice(before.length)) ?? plainAt(text.slice(before.length)));
  if (before === undefined || name === undefined || found === null) return { kind: 'other', raw: lineOf(text) };
  const start = before.length + found.length;
  const after = lineOf(text.slice(start));
  return { kind: 'variable', raw: text.slice(0, start) + after, name, value: found.value, before, after };
}

/** A value, and how much of the text it takes. */
type Value = { readonly value: string; readonly length: number };

function quotedAt(text: string): Value | null {
  const found = QUOTED.exec(text);
  if (found === null) return null;
  const { single, double, back } = found.groups ?? {};
  return { value: single ?? back ?? unescape(double ?? ''), length: found[0].length };
}

/** To the end of the line, or to a blank and a comment. */
function plainAt(text: string): Value | null {
  const line = lineOf(text).replace(/\r?\n$/, '');
  if (line.includes('\r')) return null;
  const comment = line.startsWith('#') ? 0 : line.search(/[ \t]#/);
  const value = (comment === -1 ? line : line.slice(0, comment)).replace(/(?<![ \t])[ \t]+$/, '');
  return { value, length: value.length };
}

/** What a shell and dotenv both make of the text between double quotes, as far as they agree. */
function unescape(text: string): string {
  return text.replaceAll(/\\[nr]/g, (part) => (part === String.raw`\n` ? '\n' : '\r'));
}

function lineOf(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end + 1);
}
