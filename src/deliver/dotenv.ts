/**
 * A .env file as its owner wrote it, with some variables set. Everything else – comments, order, `export`, foreign
 * variables whose quoted values run over lines, CRLF – stays byte for byte, so the file is cut into pieces that join to
 * exactly the same text, and only pieces of ours are written anew.
 */
import { VkeysError } from '../errors.ts';
import { quote } from '../view/env.ts';

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
const END = String.raw`(?:\r?\n|$)`;
/** Quoted, and followed by nothing but a comment; or plain, to the end of the line or a space and a comment; or nothing. */
const VALUE = new RegExp(
  String.raw`^(?:'(?<single>[^']*)'|"(?<double>(?:\\[\s\S]|[^"\\])*)"|${'`'}(?<back>[^${'`'}]*)${'`'})(?=[ \t]*(?:#.*)?${END})` +
    String.raw`|^(?<plain>[^#\s][^\r\n]*?)(?=(?:[ \t]+#.*|[ \t]*)${END})|^(?=[ \t]*(?:#.*)?${END})`,
);

/** The variables of a file; of one that is there twice, the last, as every reader does. */
export function readDotenv(text: string): ReadonlyMap<string, string> {
  return new Map(piecesOf(text).flatMap((piece) => (piece.kind === 'variable' ? [[piece.name, piece.value]] : [])));
}

/**
 * The text with the variables set: in place where they are, at the end where they are not. Throws `delivery` for a
 * value that has no form, and when a quote that is left open in the file would swallow a variable.
 */
export function mergeDotenv(text: string, variables: ReadonlyMap<string, string>): string {
  const pieces = piecesOf(text);
  const body = pieces.map((piece) => written(piece, variables)).join('');
  const there = new Set(pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : [])));
  const missing = [...variables].filter(([name]) => !there.has(name));
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const gap = missing.length === 0 || /^\uFEFF?$|\n$/.test(body) ? '' : eol;
  const merged = body + gap + missing.map(([name, value]) => `${name}=${quote(name, value)}${eol}`).join('');
  const after = readDotenv(merged);
  const lost = [...variables].find(([name, value]) => after.get(name) !== value);
  if (lost === undefined) return merged;
  throw new VkeysError(
    'delivery',
    `${lost[0]} cannot be set: a quote in the file is left open.`,
    'Close the quote, or move the file away.',
  );
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
  const value = before === undefined ? null : VALUE.exec(text.slice(before.length));
  if (before === undefined || name === undefined || value === null) return { kind: 'other', raw: lineOf(text) };
  const { single, double, back, plain } = value.groups ?? {};
  const start = before.length + value[0].length;
  const after = lineOf(text.slice(start));
  const read = single ?? (double === undefined ? undefined : unescape(double)) ?? back ?? plain ?? '';
  return { kind: 'variable', raw: text.slice(0, start) + after, name, value: read, before, after };
}

/** What a shell and dotenv both make of the text between double quotes, as far as they agree. */
function unescape(text: string): string {
  return text.replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\r`, '\r');
}

function lineOf(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end + 1);
}
