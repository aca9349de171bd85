import { difference, whole, type Facts } from './diff.ts';
import { FIELDS, isFieldName } from '../kinds/key.ts';
import { endsInThePast, hasEnded } from '../model/lifetime.ts';
import type { Action, Change, Desired, FieldChange, Live, Notice, Plan, Snapshot, Summary } from '../model/model.ts';
import { duplicateNotice, foreignNotice, own, type Match } from './own.ts';

export type PlanOptions = {
  /** Take over foreign keys under wanted aliases. */
  readonly adopt: boolean;
  /** Delete own keys that the spec does not mention. */
  readonly prune: boolean;
  /** Leaves all other aliases out of the plan. */
  readonly only: (alias: string) => boolean;
};

type Intent = { readonly set: string; readonly state: 'present' | 'absent'; readonly desired: readonly Desired[] };
type Part = {
  readonly changes: readonly Change[];
  readonly notices?: readonly Notice[];
  readonly refusals?: readonly Notice[];
};

/** The order in which apply works, and in which a plan is read. */
export const ORDER: readonly Action[] = ['create', 'rotate', 'update', 'adopt', 'delete', 'noop'];

/**
 * Compares what is wanted with what the server has. Pure: the same values give the same plan, whatever the order of
 * the keys in them.
 */
export function makePlan(intent: Intent, snapshot: Snapshot, version: string | null, options: PlanOptions): Plan {
  const facts: Facts = { now: snapshot.now, listed: snapshot.listed, version };
  const { matches, orphans } = own(intent.set, intent.desired, snapshot.keys);
  const parts = [
    ...matches
      .filter(({ desired }) => options.only(desired.key_alias))
      .map((match) => partOf(match, intent.set, facts, options)),
    ...orphans.filter(({ key_alias }) => options.only(key_alias ?? '')).map((orphan) => orphanPart(orphan, options)),
  ];
  /* `a2` comes before `a10`. The collator takes `a1` and `a01` for equal, so that they need an order of their own. */
  const collator = new Intl.Collator('en', { numeric: true });
  const byAlias = (a: { key_alias: string | null }, b: { key_alias: string | null }): number => {
    const [x, y] = [String(a.key_alias), String(b.key_alias)];
    return collator.compare(x, y) || Number(x > y) - Number(x < y);
  };
  return {
    set: intent.set,
    state: intent.state,
    changes: parts
      .flatMap(({ changes }) => changes)
      .toSorted((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || byAlias(a, b)),
    notices: parts.flatMap(({ notices = [] }) => notices).toSorted(byAlias),
    refusals: parts.flatMap(({ refusals = [] }) => refusals).toSorted(byAlias),
  };
}

function partOf(match: Match, set: string, facts: Facts, options: PlanOptions): Part {
  return match.desired.state === 'absent' ? absentPart(match, set, options) : presentPart(match, set, facts, options);
}

function absentPart(match: Match, set: string, { adopt }: PlanOptions): Part {
  const { desired, lives } = match;
  const { key_alias } = desired;
  const ours = lives.filter(({ mark }) => adopt || mark?.set === set);
  const changes = ours.map((live): Change => ({
    action: 'delete',
    key_alias,
    changes: [],
    reason: 'state: absent',
    desired,
    live,
  }));
  if (lives.length === 0) {
    return { changes, notices: [{ code: 'missing', key_alias, message: 'Is not there, as wanted.', hint: null }] };
  }
  if (ours.length === lives.length) return { changes };
  return { changes, notices: [foreignNotice(match, `It stays. To delete it all the same: vkeys delete ${key_alias}`)] };
}

function presentPart(match: Match, set: string, facts: Facts, { adopt }: PlanOptions): Part {
  const { desired, lives, found } = match;
  const [live] = lives;
  if (found === 'duplicate') return { changes: [], refusals: [duplicateNotice(match)] };
  if (live === undefined) return createPart(desired, facts);
  if (found === 'foreign' && !adopt) {
    return {
      changes: [],
      refusals: [foreignNotice(match, 'Give the key of the spec another alias, or take this one over with --adopt.')],
    };
  }
  const isOwn = found === 'own';
  if (hasEnded(live.expires, facts.now) && desired.on_expired === 'recreate' && !endsInThePast(desired, facts.now)) {
    const { key_alias } = desired;
    return {
      changes: [
        {
          action: 'rotate',
          key_alias,
          changes: whole(desired, facts),
          reason: `expired ${String(live.expires)}`,
          desired,
          live,
        },
      ],
    };
  }
  const { changes, notices } = difference(desired, live, facts);
  const all = isOwn ? changes : [{ field: 'set', from: live.mark?.set ?? null, to: set }, ...changes];
  return {
    changes: [
      { action: actionFor(isOwn, changes), key_alias: desired.key_alias, changes: all, reason: null, desired, live },
    ],
    notices: [...notices, ...expiredNotice(desired, live, changes, facts.now)],
  };
}

function actionFor(isOwn: boolean, changes: readonly FieldChange[]): 'adopt' | 'noop' | 'update' {
  if (!isOwn) return 'adopt';
  return changes.length === 0 ? 'noop' : 'update';
}

function createPart(desired: Desired, facts: Facts): Part {
  const { key_alias } = desired;
  if (endsInThePast(desired, facts.now)) {
    const message = 'Its `expires` is in the past: the key would be dead when it is made.';
    return {
      changes: [],
      refusals: [{ code: 'lifetime', key_alias, message, hint: 'Give a later `expires`, or `state: absent`.' }],
    };
  }
  return {
    changes: [{ action: 'create', key_alias, changes: whole(desired, facts), reason: null, desired, live: null }],
  };
}

function expiredNotice(
  { key_alias }: Desired,
  live: Live,
  changes: readonly FieldChange[],
  now: Date,
): readonly Notice[] {
  if (!hasEnded(live.expires, now) || changes.some(({ field }) => field === 'expires')) return [];
  const message = `Expired ${String(live.expires)}: the server refuses it.`;
  return [
    {
      code: 'expired',
      key_alias,
      message,
      hint: 'Give it a later end, or say `on_expired: recreate` to replace it by a new key.',
    },
  ];
}

function orphanPart(live: Live, { prune }: PlanOptions): Part {
  const key_alias = live.key_alias ?? live.key_id;
  if (prune)
    return { changes: [{ action: 'delete', key_alias, changes: [], reason: 'not in the spec', desired: null, live }] };
  const message = 'Belongs to this set, but the spec does not mention it (any more).';
  return { changes: [], notices: [{ code: 'orphan', key_alias, message, hint: 'Delete it with --prune.' }] };
}

/**
 * Whether a plan made without knowing the server's version may promise what an old server cannot do, so that the
 * version is worth a request.
 */
export function dependsOnVersion({ changes }: Plan): boolean {
  return changes.some(
    ({ action, changes: fields }) =>
      action !== 'create' && action !== 'rotate' && fields.some(({ field, to }) => mayBeIgnored(field, to === null)),
  );
}

function mayBeIgnored(field: string, cleared: boolean): boolean {
  if (field === 'expires') return cleared;
  const row = isFieldName(field) ? FIELDS[field] : undefined;
  return (
    row !== undefined &&
    ((row.home === 'metadata' && row.since !== undefined) || (cleared && row.clearableSince !== undefined))
  );
}

/** How many keys each action concerns. */
export function summarize(plan: { readonly changes: readonly { readonly action: Action }[] }): Summary {
  const summary: Record<Action, number> = { create: 0, update: 0, adopt: 0, rotate: 0, delete: 0, noop: 0 };
  for (const { action } of plan.changes) summary[action] += 1;
  return summary;
}

export function hasChanges(plan: Plan): boolean {
  return plan.changes.some(({ action }) => action !== 'noop');
}
