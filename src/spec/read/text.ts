import { redact } from '../../base/secret.ts';
import type { Diagnostic, Origin } from '../../model/model.ts';

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

export type Report = (diagnostic: Diagnostic) => void;

export function textOf(file: string, text: string): Text {
  let starts: readonly number[] | null = null;
  const lineStarts = () => (starts ??= [0, ...Array.from(text.matchAll(/\r?\n/g), (end) => end.index + end[0].length)]);
  return {
    file,
    text,
    origin: (offset) => {
      const found = lineStarts();
      const line = lastAtMost(found.length, offset, (index) => Number(found[index]));
      return { file, line: line + 1, column: offset - Number(found[line]) + 1 };
    },
    line: (line) => {
      const start = lineStarts()[line - 1];
      return start === undefined ? null : text.slice(start, lineStarts()[line]).replace(/[\r\n]+$/, '');
    },
  };
}

/** The last index whose number is not above the limit, or 0; the numbers ascend. */
export function lastAtMost(count: number, limit: number, numberAt: (index: number) => number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (numberAt(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
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
  const caret = `${' '.repeat(gutter)} | ${at.slice(from).replaceAll(/[^\t]/gu, blank)}^`;
  return [...(line > 1 ? show(line - 1) : []), ...show(line), caret, ...show(line + 1)].join('\n');
}

/** Where a line is cut before a place far into it: behind a blank or a quote, so that no secret loses what marks it as one. */
function cutOf(line: string, column: number): number {
  if (column <= NEAR) return 0;
  const mark = line.slice(column - NEAR, column - WIDTH).search(/[\s"'][^\s"']*$/);
  return mark === -1 ? column - 1 : column - NEAR + mark;
}

function clean(line: string): string {
  return redact(line)
    .replaceAll(/:\/\/[^/@\s]+@/g, '://[secret]@')
    .replaceAll(/[^\P{Cc}\t]/gu, '�');
}

function blank(character: string): string {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Emoji_Presentation}/u.test(
    character,
  )
    ? '  '
    : ' ';
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
