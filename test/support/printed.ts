/** What a command printed with `-o json`, where it may have been cut, hindered, or killed before it printed anything. */
import { isList, isObject, parseJson, type JsonObject } from '../../src/base/json.ts';

export type Printed = { readonly stdout: string };

/** The document, or an empty object where none was printed. */
export function printedIn({ stdout }: Printed): JsonObject {
  const document = parseJson(stdout);
  return isObject(document) ? document : {};
}

/** Its keys; `null` without a document. */
export function keysIn(printed: Printed): readonly JsonObject[] | null {
  const { keys } = printedIn(printed);
  return isList(keys) ? keys.filter(isObject) : null;
}

/** How many names a member has, over all sets. */
export function countIn(document: JsonObject, member: 'missing' | 'written' | 'withdrawn'): number {
  const sets = isList(document['sets']) ? document['sets'].filter(isObject) : [];
  return sets.reduce((sum, { [member]: names }) => sum + (isList(names) ? names.length : 0), 0);
}

/** What stopped the run; an empty object where nothing did. */
export function errorIn(printed: Printed): JsonObject {
  const { error } = printedIn(printed);
  return isObject(error) ? error : {};
}
