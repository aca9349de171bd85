/** Members of what Kubernetes says, read as what they should be. */
import { isList, isObject, type Json, type JsonObject } from '../../base/json.ts';

/** Text that is not empty. */
export function textIn(value: JsonObject, name: string): string | null {
  const text = value[name];
  return typeof text === 'string' && text !== '' ? text : null;
}

/** An object; an empty one for anything else. */
export function objectIn(value: JsonObject, name: string): JsonObject {
  const member = value[name];
  return isObject(member) ? member : {};
}

/** The objects of a list; none for anything else. */
export function objectsIn(value: JsonObject, name: string): readonly JsonObject[] {
  const list: Json | undefined = value[name];
  return isList(list) ? list.filter(isObject) : [];
}

/** The texts of an object, by name. */
export function textsIn(value: JsonObject, name: string): Readonly<Record<string, string>> {
  const members = Object.entries(objectIn(value, name));
  return Object.fromEntries(members.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
