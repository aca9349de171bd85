/** What is said of keys that could not be put where they should. */
import type { VkeysError } from '../base/errors.ts';
import type { Notice } from '../model/plan.ts';
import type { Failure } from './assign.ts';

/** `names`: of the keys, by `key_id`. */
export function refusal({ key_ids, error }: Failure, names: ReadonlyMap<string, string>): Notice {
  const [first] = key_ids;
  const name = key_ids.length === 1 && first !== undefined ? (names.get(first) ?? null) : null;
  const ref = name === null ? null : { kind: 'key', name };
  return { code: 'delivery', ref, message: error.message, hint: error.hint };
}

/** The first failure of each key. */
export function byKey(failures: readonly Failure[]): ReadonlyMap<string, VkeysError> {
  return new Map(failures.toReversed().flatMap(({ key_ids, error }) => key_ids.map((key_id) => [key_id, error])));
}
