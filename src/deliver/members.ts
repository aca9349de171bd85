/** Keys as the members of one object, whose other members stay as they are, whatever they are. */
import type { JsonObject } from '../base/json.ts';
import { assertFree } from './precious.ts';
import type { Left, Part } from './sink.ts';
import { leavingAmong, renamedAmong, valuesFor, type NameRule, type Values } from './variables.ts';

/** Any name will do. */
export const MEMBER: NameRule = { pattern: /^.+$/s, hint: 'Give the variable a name.' };

/** The object with these keys. Throws `delivery` when two want one member. */
export function withKeys(before: JsonObject, parts: readonly Part[]): JsonObject {
  assertFree(textsIn(before), parts, MEMBER);
  const kept = without(before, renamedAmong(textsIn(before), parts, MEMBER));
  return { ...kept, ...Object.fromEntries(valuesFor(parts, MEMBER)) };
}

/** The object without these keys; the same one where none was in it. */
export function withoutKeys(before: JsonObject, left: readonly Left[]): JsonObject {
  const leaving = leavingAmong(textsIn(before), left);
  return leaving.size === 0 ? before : without(before, leaving);
}

/** Where secrets can be. */
export function textsIn(object: JsonObject): Values {
  return new Map(Object.entries(object).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

function without(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}
