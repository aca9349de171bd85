/** Admins of teams: without a licence, LiteLLM lets a team have some only when it is made. */
import { isOlder } from '../base/version.ts';
import { isCreation, isDeletion, type Change } from '../model/change.ts';
import type { Notice } from '../model/plan.ts';

/** What is to be said of members who become admins of teams that are there already. 1.65 lets them. */
export function roleNotices(changes: readonly Change[], version: string | null): readonly Notice[] {
  if (isOlder(version, '1.77.0')) return [];
  const made = new Set(
    changes.filter(isCreation).flatMap(({ ref, desired }) => (ref.kind === 'team' ? (desired.id ?? []) : [])),
  );
  return changes.flatMap((change): Notice[] => {
    if (change.ref.kind !== 'member' || isDeletion(change) || change.desired.settings['role'] !== 'admin') return [];
    const { team_id } = change.desired.settings;
    const isNew = isCreation(change) || change.fields.some(({ field }) => field === 'role');
    if (!isNew || (typeof team_id === 'string' && made.has(team_id))) return [];
    const message = 'The team is there already, and becoming its admin now takes a licence: the server may refuse it.';
    const hint = 'Without a licence admins can only be named when the team is made; otherwise write `role: user`.';
    return [{ code: 'unsupported', ref: change.ref, message, hint }];
  });
}
