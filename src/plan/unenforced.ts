/** Limits that a version of LiteLLM stores, and holds no call to. */
import { isOlder } from '../base/version.ts';
import { isDeletion, type Change } from '../model/change.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import type { Notice } from '../model/plan.ts';

/** What is to be said of limits that are newly given. */
export function unenforcedNotices(changes: readonly Change[], version: string | null, kinds: Kinds): readonly Notice[] {
  return changes.flatMap((change): Notice[] => {
    if (isDeletion(change)) return [];
    const { fields } = factsOf(kinds, change.ref.kind);
    const idle = change.fields.flatMap(({ field, to }) => {
      const { enforcedSince = '', since = '' } = fields[field] ?? {};
      return to !== null && isOlder(version, enforcedSince) && !isOlder(version, since) ? [field] : [];
    });
    if (idle.length === 0) return [];
    const message = `LiteLLM ${String(version)} keeps ${idle.join(' and ')}, and holds no call to it.`;
    return [{ code: 'unsupported', ref: change.ref, message, hint: 'Limit its keys, or update the server.' }];
  });
}
