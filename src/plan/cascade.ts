/**
 * What goes with what is deleted, or is left without limits by it. Keys of others go only where that was asked for, and then
 * by deletions of their own, before what they go with: a deleted team's keys can go on working for a while. Parts, as members
 * are of a team, go with it and need none.
 */
import { firstOf } from '../base/first-of.ts';
import type { Json } from '../base/json.ts';
import { isDeletion, type Change, type Deletion } from '../model/change.ts';
import { REFERENCES } from '../kinds/references.ts';
import { thingId } from '../model/keyring.ts';
import { factsOf } from '../model/kind.ts';
import type { Refusal } from '../model/plan.ts';
import { byRef, refText } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import { deletion } from './deletion.ts';
import { leavingNotice } from './references.ts';
import type { PlanPart } from './order.ts';
import { refOfTaken, takenWith, tiedTo, type Ties } from './takes.ts';

/** `parts`: what goes with something without a deletion of its own, as `kind/name`. */
export type Cascaded = Required<Pick<PlanPart, 'changes' | 'refusals'>> & { readonly parts: readonly string[] };

/** The changes with all that goes along. `cascade`: what is not the set's own may go. */
export function withCascade(changes: readonly Change[], ties: Ties, cascade: boolean): Cascaded {
  const deletions = changes.filter(isDeletion);
  const going = new Set(deletions.map(({ live }) => thingId(live)));
  const parts = new Map<string, Live>();
  const along = new Map<string, Deletion>();
  const refusals: Refusal[] = [];
  for (const change of deletions) {
    const taken = takenWith(change.live, ties);
    for (const live of taken) if (factsOf(ties.kinds, live.kind).partOf !== null) parts.set(thingId(live), live);
    const others = taken.filter((live) => factsOf(ties.kinds, live.kind).hasSecret && !going.has(thingId(live)));
    if (others.length > 0 && !cascade) refusals.push(takenRefusal(change, others));
    for (const live of others)
      along.set(thingId(live), deletion(refOfTaken(live), live, 'taken', `goes with ${refText(change.ref)}`));
    const freed = tiedTo(change.live, factsOf(ties.kinds, change.ref.kind).frees, ties).filter(
      (live) => !going.has(thingId(live)) && !isLimited(live, change.live, changes),
    );
    if (freed.length > 0) refusals.push(freedRefusal(change, freed));
  }
  refusals.push(...changes.flatMap((change) => danglingRefusals(change, deletions)));
  const stay = changes.filter((change) => !isDeletion(change) || !parts.has(thingId(change.live)));
  const names = [...parts.values()].map((live) => refText(refOfTaken(live)));
  return { changes: [...stay, ...(cascade ? along.values() : [])], refusals, parts: names };
}

/**
 * Whether a thing will have all limits of what goes from elsewhere: another budget, or each of its own. But for a key, what
 * it has now is that of the budget.
 */
function isLimited(live: Live, going: Live, changes: readonly Change[]): boolean {
  const change = changes.find((each) => each.live !== null && thingId(each.live) === thingId(live));
  const own = live.kind === 'key' ? Object.entries(live.settings).filter(([field]) => field !== 'budget_id') : [];
  const given = (change?.fields ?? []).map(({ field, to }) => [field, to] as const);
  const has = new Map<string, Json>([...own, ...given]);
  const named = (limit: string): readonly string[] => [
    limit,
    `${limit}_in_team`,
    `team_member_${limit}`,
    'team_member_budget',
  ];
  const lost = LIMITS.filter((limit) => going.settings[limit] != null);
  const needed = lost.length === 0 ? ['max_budget'] : lost;
  return has.get('budget_id') != null || needed.every((limit) => named(limit).some((field) => has.get(field) != null));
}

const LIMITS = ['max_budget', 'tpm_limit', 'rpm_limit', 'tpd_limit', 'max_parallel_requests'];

/** What stays may not name what goes: the server would delete it along, or make it anew. */
function danglingRefusals(change: Change, deletions: readonly Deletion[]): readonly Refusal[] {
  if (isDeletion(change)) return [];
  return REFERENCES.flatMap(({ kind, field }): Refusal[] => {
    const gone = deletions.find(({ live }) => live.kind === kind && live.id === change.desired.settings[field]);
    return gone === undefined ? [] : [{ code: 'reference', ref: change.ref, ...leavingNotice(gone.ref) }];
  });
}

/** So many names are enough to see what it is about. */
const SOME = 5;

function namesOf(lives: readonly Live[]): string {
  return firstOf(lives.map(refOfTaken).toSorted(byRef).map(refText), SOME);
}

function takenRefusal({ ref }: Deletion, others: readonly Live[]): Refusal {
  return {
    code: 'cascade',
    ref,
    message: `Deleting it deletes what is not of this set, or stays in its spec: ${namesOf(others)}.`,
    hint: 'If that is meant: --cascade',
  };
}

function freedRefusal({ ref }: Deletion, freed: readonly Live[]): Refusal {
  return {
    code: 'cascade',
    ref,
    message: `These have their limits from it, and would go on without any: ${namesOf(freed)}.`,
    hint: 'Give them another limit first: a max_budget of their own, or another budget.',
  };
}
