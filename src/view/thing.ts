/** Budgets, users, teams and members as `-o json` has them, beside keys. */
import type { JsonObject } from '../base/json.ts';
import { KINDS } from '../kinds/kinds.ts';
import { factsOf } from '../model/kind.ts';
import { isChanged, type Outcome } from '../model/outcome.ts';
import { refText, type Kind } from '../model/ref.ts';
import { shownChanges } from '../model/shown.ts';
import { errorJson } from './error.ts';

/** The document's list for each kind without secrets. */
export const THINGS: Readonly<Record<string, Kind>> = {
  teams: 'team',
  users: 'user',
  members: 'member',
  budgets: 'budget',
};

/** What became of one, under LiteLLM's names for its name and its id. */
export function thingJson(outcome: Outcome): JsonObject {
  const { change, status, error } = outcome;
  const live = outcome.live ?? change.live;
  const { naming, identity, partOf } = factsOf(KINDS, change.ref.kind);
  const { team_id = null, user_id = null } = (live ?? change.desired)?.settings ?? {};
  return {
    [naming]: change.ref.name,
    ...(identity === null || identity === naming ? {} : { [identity]: live?.id ?? change.desired?.id ?? null }),
    ...(partOf === null ? {} : { team_id, user_id }),
    action: change.action,
    reason: change.reason,
    status,
    changed: isChanged(outcome),
    spend: live?.spend ?? null,
    changes: shownChanges(change),
    takes: change.takes.map(refText),
    ...(error === null ? {} : { error: errorJson(error) }),
  };
}
