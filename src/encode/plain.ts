import { isObject, stringifyJson, type Json } from '../base/json.ts';

/** A value for a program's table: nothing for `null`, lists of words joined by commas, other values as JSON. */
export function plainText(value: Json | undefined): string {
  if (value == null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => !isObject(item))) return value.map(String).join(',');
  return stringifyJson(value);
}
