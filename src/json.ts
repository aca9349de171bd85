/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text, or `undefined` when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON.parse answers with is JSON
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
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
