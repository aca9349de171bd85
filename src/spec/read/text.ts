import stringWidth from 'string-width';
import { LineCounter } from 'yaml';
import { redact } from '../../base/secret.ts';
import type { Origin } from '../../model/resource.ts';
import type { Diagnostic } from '../../model/spec.ts';

/** A file's text with its places. Lines and columns are counted only when somebody asks. */
export type Text = {
  readonly file: string;
  readonly text: string;
  /** The place of an offset into `text`. */
  readonly origin: (offset: number) => Origin;
  /** A line (1-based) without its end; `null` beyond the text. */
  readonly line: (line: number) => string | null;
};

/** What is wrong, apart from where. */
export type Problem = { readonly rule: string; readonly message: string; readonly hint: string };

export type OnDiagnostic = (diagnostic: Diagnostic) => void;

export function numberedText(file: string, text: string): Text {
  let counted: LineCounter | null = null;
  const lines = (): LineCounter => (counted ??= countLines(text));
  return {
    file,
    text,
    origin: (offset) => {
      const { line, col } = lines().linePos(offset);
      return { file, line, column: col };
    },
    line: (line) => {
      const { lineStarts } = lines();
      const start = lineStarts[line - 1];
      return start === undefined ? null : text.slice(start, lineStarts[line]).replace(/[\r\n]+$/, '');
    },
  };
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

export function diagnose(text: Text, origin: Origin, { rule, message, hint }: Problem): Diagnostic {
  return { origin, rule, message: redact(cut(message)), hint: cut(hint), frame: frameOf(text, origin) };
}

const LONGEST = 1000;

/** Names in a message may be as long as the file. */
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const WIDTH = 120;
/** Characters of a long line, on each side of a place, that are looked at. */
const NEAR = 1000;

/** The line before, the line, a caret under the column, the line after; free of secrets and control characters. */
function frameOf(text: Text, { line, column }: Origin): string {
  if (text.text === '') return '';
  const own = String(text.line(line));
  const at = clean(own.slice(cutOf(own, column), column - 1));
  const from = at.length > WIDTH * 0.75 ? at.length - WIDTH / 2 : 0;
  const gutter = String(line + 1).length;
  const show = (number: number, mark = String(number)): readonly string[] => {
    const source = text.line(number);
    if (source === null) return [];
    const shown = clean(source.slice(cutOf(source, column), column + NEAR)).slice(from, from + WIDTH);
    return [`${mark.padStart(gutter)} | ${shown}`.trimEnd()];
  };
  const caret = `${' '.repeat(gutter)} | ${blank(at.slice(from))}^`;
  return [...(line > 1 ? show(line - 1) : []), ...show(line), caret, ...show(line + 1)].join('\n');
}

/** Where a line is cut before a place far into it: behind a blank or a quote, so that no secret loses what marks it as one. */
function cutOf(line: string, column: number): number {
  if (column <= NEAR) return 0;
  const mark = line.slice(column - NEAR, column - WIDTH).search(/[\s"'][^\s"']*$/);
  return mark === -1 ? column - 1 : column - NEAR + mark;
}

/** As wide as the text, tabs where it has them. */
function blank(text: string): string {
  return text.replaceAll(/[^\t]+/g, (part) => ' '.repeat(stringWidth(part)));
}

/** Credentials among the variables of an Ansible role, unless an expression stands for them. */
const CREDENTIAL = /(\blitellm_(?:vkey_)?(?:master_key|password|[a-z]*_?token)["']?\s*[:=]\s*)(?!["']?\{\{)\S.*$/;

function clean(line: string): string {
  return redact(line)
    .replace(CREDENTIAL, '$1[secret]')
    .replaceAll(/:\/\/[^/@\s]+@/g, '://[secret]@')
    .replaceAll(/[^\P{Cc}\t]/gu, '�');
}

/** A user's text inside a message: quoted, on one line, not too long. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `"${short.replaceAll(/\p{Cc}/gu, '�')}"`;
}

/** `file:line:column`. */
export function placeOf({ file, line, column }: Origin): string {
  return `${file}:${String(line)}:${String(column)}`;
}
