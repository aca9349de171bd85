import { createHash } from 'node:crypto';
import { isList, isObject, stringifyJson, type Json } from './json.ts';

/** SHA-256 of a value in lowercase hex; the order of an object's members does not matter. */
export function digest(value: Json): string {
  return createHash('sha256')
    .update(stringifyJson(inOrder(value)))
    .digest('hex');
}

/** What Git calls a file with this content, in a repository whose names are made by this algorithm. */
export function gitName(content: Uint8Array, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm)
    .update(`blob ${String(content.length)}\0`)
    .update(content)
    .digest('hex');
}

function inOrder(value: Json): Json {
  if (isList(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, item]) => [name, inOrder(item)] as const);
  return Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
