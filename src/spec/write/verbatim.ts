import { isList, isObject, type Json, type JsonObject } from '../../base/json.ts';
import { literal } from '../../base/template.ts';

/** A value that a spec reads as it stands: `$` and braces are neither variables nor placeholders. */
export function verbatim(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function plain(value: Json): Json {
  if (typeof value === 'string') return literal(value).replaceAll('$', '$$$$');
  if (isList(value)) return value.map(plain);
  return isObject(value) ? verbatim(value) : value;
}
