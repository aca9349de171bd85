import { isList, parseJson, stringifyJson, type Json, type JsonObject } from '../base/json.ts';

/** An object in little room: its members' names, which all objects of one form share, and their values as bytes of JSON. */
export type Packed = { readonly names: readonly string[]; readonly values: Buffer };

/**
 * Packs objects, of which there may be very many. What is held are bytes: a piece of a text keeps the whole answer alive that
 * it was cut from, and a text that was put together keeps all of its pieces.
 */
export function startPacking(): (object: JsonObject) => Packed {
  const forms = new Map<string, readonly string[]>();
  return (object) => {
    const names = Object.keys(object);
    const form = JSON.stringify(names);
    const shared = forms.get(form) ?? names;
    forms.set(form, shared);
    return { names: shared, values: Buffer.from(stringifyJson(Object.values(object))) };
  };
}

/** The object that was packed. */
export function unpack({ names, values }: Packed): JsonObject {
  const read = parseJson(values.toString());
  const list: readonly Json[] = isList(read) ? read : [];
  return Object.fromEntries(names.map((name, index) => [name, list[index] ?? null]));
}
