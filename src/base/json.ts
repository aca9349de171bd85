import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'lossless-json';
import { isNumeral, numberOf, type Numeral } from './numeral.ts';

/** A value as JSON has it. */
export type Json = null | boolean | number | Numeral | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumeral(value);
}

/** An array of JSON; unlike `Array.isArray` it says so of a readonly one too. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Equal as JSON values: the order of an object's members does not matter (LiteLLM returns them in another one). */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

/** The JSON text of a value, its numerals as they were read: what goes to a server. `indent` is a number of spaces. */
export function stringifyJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return text.includes('"isLosslessNumber":') ? (stringify(value, null, indent) ?? text) : text;
}

/** The value of a text; or that it is no JSON, or so deep or so full of lists that reading it would be an attack. */
export type ReadJson = { readonly value: Json } | { readonly fault: 'not JSON' | 'excessive' };

export function readJson(text: string): ReadJson {
  const seen = lookThrough(text);
  if (seen === 'excessive') return { fault: seen };
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a parser of JSON answers with is JSON
    return { value: (seen === 'plain' ? JSON.parse(text) : parseExactly(text)) as Json };
  } catch {
    return { fault: 'not JSON' };
  }
}

/** The value of a JSON text; `undefined` where `readJson` tells a fault. */
export function parseJson(text: string): Json | undefined {
  const read = readJson(text);
  return 'value' in read ? read.value : undefined;
}

/** Where a text that is no JSON stops being it. */
export function faultIn(text: string): number {
  try {
    parseExactly(text);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    if (position !== undefined) return Number(position);
  }
  return text.length;
}

/** Several times slower than `JSON.parse`. Of members with one name the last counts, there as here. */
function parseExactly(text: string): unknown {
  return parse(text, null, { parseNumber: numberOf, onDuplicateKey: ({ newValue }) => newValue });
}

/** Deeper than anything of LiteLLM's; what walks through values does so on the stack. */
const DEEPEST = 100;
/** An empty list takes two characters of a text, and twenty times that of memory; a page of 100 keys has 2,000. */
const MOST_BRACKETS = 100_000;
/** All numbers that `JSON.parse` could change, and some more: long, with a large exponent, almost nothing, or -0. */
const ODD = /-?(?:\d{16}|\d+(?:\.\d+)?[eE](?:\+?\d|-\d{3})|0\.0{200})|-0/y;

/** What a text has outside of its quotes, in one pass. */
function lookThrough(text: string): 'plain' | 'odd' | 'excessive' {
  let [depth, brackets, isOdd] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfQuote(text, at);
    else if (character === SQUARE_OPEN || character === CURLY_OPEN) {
      depth += 1;
      brackets += 1;
      if (depth > DEEPEST || brackets > MOST_BRACKETS) return 'excessive';
    } else if (character === SQUARE_CLOSE || character === CURLY_CLOSE) depth -= 1;
    else if (character === MINUS || isDigit(character)) {
      ODD.lastIndex = at;
      isOdd ||= ODD.test(text);
      while (isOfNumber(text.charCodeAt(at + 1))) at += 1;
    }
  }
  return isOdd ? 'odd' : 'plain';
}

const [QUOTE, BACKSLASH, MINUS, PLUS, DOT] = [0x22, 0x5c, 0x2d, 0x2b, 0x2e];
const [SQUARE_OPEN, SQUARE_CLOSE, CURLY_OPEN, CURLY_CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

/** `| 0x20` is a letter's small form. */
function isOfNumber(character: number): boolean {
  return (
    isDigit(character) || character === DOT || character === MINUS || character === PLUS || (character | 0x20) === 0x65
  );
}

/** Where a quoted text that begins here ends. */
function endOfQuote(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

/** A text, or an empty one for what is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
