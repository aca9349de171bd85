import { isList, isObject, parseJson, type Json, type JsonObject } from '../../src/base/json.ts';

/** A text of an answer, or an empty one. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** An object of an answer, or an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects in a list of an answer. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** What a command printed with `-o json`. */
export function printed(text: string): JsonObject {
  return objectOf(parseJson(text));
}
