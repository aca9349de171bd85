/** Texts that were sound until somebody fell on the keyboard: seeds spoiled by a few edits each. */
import * as fc from 'fast-check';

/** What readers stumble over, put in anywhere. */
export const NASTY = [
  '\0',
  '\uFEFF',
  '\r\n',
  '\r',
  '\t',
  '\u2028',
  '\u0085',
  '\u001B[2J\u001B]52;c;eA==\u0007',
  '\u202Eevil\u2066',
  '\uD800',
  '\u{E0041}',
  'é',
  'e\u0301',
  '漢',
  '💥',
  "'",
  '"',
  '`',
  '\\',
  '#',
  '=',
  ':',
  ': ',
  '- ',
  '? ',
  '| ',
  '>-\n',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '!<tag:x> ',
  '{',
  '}',
  '[',
  ']',
  '{{',
  '}}',
  '{user}',
  '{__proto__}',
  '${HOME}',
  '${',
  '$$',
  '{{ jinja }}',
  '__proto__',
  'constructor',
  'null',
  '~',
  'true',
  '.inf',
  '.nan',
  '-0',
  '1e400',
  '9223372036854775808',
  '0x7fffffffffffffff',
  '1_000',
  '2026-02-30T25:61:61Z',
  '99999999999999999999d',
  '../../etc/passwd',
  'C:\\nul.txt',
  'sk-1234567890abcdef',
  '=cmd|calc!A1',
  'a'.repeat(300),
  ' '.repeat(70),
  '[{'.repeat(60),
  '- '.repeat(120),
] as const;

const MOST = 60_000;
const TOKEN = /\s+|[\w.-]+|./gsu;

type Edit = (text: string, place: number, other: number, corpus: readonly string[]) => string;

/** `place` and `other` are from 0 up to 1. */
const EDITS: readonly Edit[] = [
  /* a flipped bit of a character */
  (text, place, other) => {
    const at = Math.floor(place * text.length);
    const code = text.charCodeAt(at) ^ (1 << Math.floor(other * 8));
    return Number.isNaN(text.charCodeAt(at))
      ? text
      : text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
  },
  /* a nasty token put in, or in place of another */
  (text, place, other) => splice(text, place, 0, nasty(other)),
  (text, place, other) => {
    const tokens: readonly string[] = text.match(TOKEN) ?? [];
    const chosen = Math.floor(place * tokens.length);
    return tokens.map((token, index) => (index === chosen ? nasty(other) : token)).join('');
  },
  /* two tokens swapped, two lines swapped */
  (text, place, other) => swapped(text.match(TOKEN) ?? [], place, other).join(''),
  (text, place, other) => swapped(text.split('\n'), place, other).join('\n'),
  /* a line twice, a line gone, everything after it gone */
  (text, place) => onLines(text, place, (line) => [line, line]),
  (text, place) => onLines(text, place, () => []),
  (text, place) => text.slice(0, Math.floor(place * text.length)),
  /* a line a hundred times, a piece of the text many times */
  (text, place) => onLines(text, place, (line) => Array.from({ length: 100 }, () => line)),
  (text, place, other) => {
    const start = Math.floor(place * text.length);
    const piece = text.slice(start, start + 1 + Math.floor(other * 40));
    return splice(text, place, 0, piece.repeat(Math.floor(1 + 5000 / Math.max(1, piece.length))));
  },
  /* a piece of another text, or of this one */
  (text, place, other, corpus) => {
    const donor = corpus[Math.floor(other * corpus.length)] ?? '';
    const start = Math.floor(other * 7919) % Math.max(1, donor.length);
    return splice(text, place, 0, donor.slice(start, start + 200));
  },
  /* other line breaks, indentation by tabs, a byte order mark */
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('  ', '\t'),
  (text) => `\uFEFF${text}`,
  /* every number huge */
  (text, place) => text.replaceAll(/\d+/g, (digits) => digits.repeat(1 + Math.floor(place * 20))),
];

/** One of the texts after up to six edits, no longer than 60,000 characters. */
export function mutated(corpus: readonly string[]): fc.Arbitrary<string> {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const edit = fc.record({ kind: fc.nat({ max: EDITS.length - 1 }), place: unit, other: unit });
  return fc
    .tuple(fc.constantFrom(...corpus), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([seed, edits]) =>
      edits.reduce(
        (text, { kind, place, other }) => (EDITS[kind]?.(text, place, other, corpus) ?? text).slice(0, MOST),
        seed,
      ),
    );
}

function nasty(part: number): string {
  return NASTY[Math.floor(part * NASTY.length)] ?? '';
}

function splice(text: string, place: number, gone: number, put: string): string {
  const at = Math.floor(place * (text.length + 1));
  return text.slice(0, at) + put + text.slice(at + gone);
}

function swapped(parts: readonly string[], place: number, other: number): readonly string[] {
  const [a, b] = [Math.floor(place * parts.length), Math.floor(other * parts.length)];
  return parts.map((part, index) => (index === a ? parts[b] : index === b ? parts[a] : part) ?? part);
}

function onLines(text: string, place: number, change: (line: string) => readonly string[]): string {
  const all = text.split('\n');
  const chosen = Math.floor(place * all.length);
  return all.flatMap((line, index) => (index === chosen ? change(line) : [line])).join('\n');
}
