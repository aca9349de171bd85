/** What stands behind a flag that sets a field, read as the value that it means. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { isObject, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { suggest } from '../base/suggest.ts';

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is a number.');
  return value;
}

/** `k=v`, or members of a JSON object, beside those of before. */
export function metadata(text: string, before: JsonObject = {}): JsonObject {
  if (text.trimStart().startsWith('{')) {
    const object = json(text);
    if (isObject(object)) return { ...before, ...object };
  }
  const [name, value] = split(text);
  return { ...before, [name]: value };
}

/** `name=json` beside those of before, for a kind that has these fields. */
export function fieldOf(names: readonly string[]): (text: string, before?: JsonObject) => JsonObject {
  return (text, before = {}) => {
    const [name, value] = split(text);
    const near = names.includes(name) ? null : suggest(name, names);
    if (near !== null) throw new InvalidArgumentError(`Did you mean ${near}?`);
    return { ...before, [name]: json(value) };
  };
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is name=value.');
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

/** JSON, or a bare word that is meant as text. */
function json(text: string): Json {
  const value = parseJson(text);
  if (value === undefined && /^\s*[[{"]/.test(text)) throw new InvalidArgumentError('Its value is not JSON.');
  return value === undefined ? text : value;
}
