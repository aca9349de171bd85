import { placeholdersOf } from '../../base/template.ts';
import type { Trouble } from './collisions.ts';

/** Placeholders that only delivering can fill in. */
export const LATE = [
  'key',
  'key_id',
  'api_base_url',
  'api_endpoint',
  'expires',
  'models',
  'model',
  'max_budget',
  'code',
  'seat',
];

/** The first of these in what names a place: it would be another place with the same key. `key_id` is the key. */
export function lateIn(templates: readonly string[], what: string, hint: string): Trouble | null {
  const late = templates.flatMap(placeholdersOf).find((name) => name !== 'key_id' && LATE.includes(name));
  return late === undefined ? null : { message: `{${late}} cannot be part of ${what}.`, hint };
}
