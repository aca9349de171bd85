/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than anything of LiteLLM's; what walks through values does so on the stack. */
const DEEPEST = 100;
/** An empty list takes two characters of a text, and twenty times that of memory; a page of 100 keys has 2,000. */
const MOST_BRACKETS = 100_000;

/** The value of a JSON text; `undefined` when it is none, or so deep or so full of lists that reading it is an attack. */
export function parseJson(text: string): Json | undefined {
  if (isExcessive(text)) return undefined;
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON.parse answers with is JSON
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isExcessive(text: string): boolean {
  let [depth, brackets, inText] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inText && character === '\\') at += 1;
    else if (character === '"') inText = !inText;
    else if (!inText && (character === '[' || character === '{')) {
      depth += 1;
      brackets += 1;
      if (depth > DEEPEST || brackets > MOST_BRACKETS) return true;
    } else if (!inText && (character === ']' || character === '}')) depth -= 1;
  }
  return false;
}

/** An array of JSON; unlike `Array.isArray` it says so of a readonly one too. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Equal as JSON values: the order of an object's members does not matter (LiteLLM returns them in another one). */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return a === 0 && b === 0;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
  );
}
