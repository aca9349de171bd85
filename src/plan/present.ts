/** One thing that is to be there: what has to be done about it. */
import type { Change, FieldChange, Outlived } from '../model/change.ts';
import { endsInThePast, hasEnded } from '../model/lifetime.ts';
import type { Notice } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';
import { difference, whole, type ServerFacts } from './diff.ts';
import { deletion } from './deletion.ts';
import { duplicateNotice, foreignNotice, mayTouch, unnamedRefusal } from './foreign.ts';
import { closedAtFirst, openedWhenDue, openingNotices } from './opening.ts';
import type { Owner, Match } from './own.ts';
import type { PlanPart } from './order.ts';
import { rotationWish, type RotationChoice } from './rotation.ts';
import { absenceOf, endedNotice, type Missed } from './vanished.ts';

export type PresentChoices = {
  /** Take over foreign things under wanted names. */
  readonly adopt: boolean;
  /** Whether the spec says which set it is. */
  readonly isNamed: boolean;
  /** Keys, by id, whose secret nobody has. */
  readonly unheld: ReadonlySet<string>;
  readonly rotation: RotationChoice;
};

/** Why a thing is taken away whose secret the server chose. */
export const LOST = 'nobody knows its secret: the answer that told it was lost';
const RACE = 'another run made this key at the same time; the older one stays';

/** A change that is right if nothing else stands in the way; `missed`: it makes one anew that the keyring knows. */
export type Present = PlanPart & { readonly missed?: Missed };

export function presentPart(match: Match, owner: Owner, facts: ServerFacts, choices: PresentChoices): Present {
  const { own, lost, foreign } = match;
  const desired = closedAtFirst(match.desired, facts.now);
  const { ref } = desired;
  const left = lost.map((live) => deletion(ref, live, 'left', LOST));
  if (own !== null) return ownPart(match, own, left, owner, facts, choices);
  const [unknown] = lost;
  if (unknown !== undefined) return { changes: [replacement(desired, unknown, 'left', facts), ...left.slice(1)] };
  const [first, ...more] = foreign;
  if (first === undefined) return missingPart(desired, owner, facts);
  if (more.length > 0) return { refusals: [duplicateNotice(ref, foreign)] };
  if (!choices.adopt) {
    const hint = `Give the ${ref.kind} of the spec another ${first.name === ref.name ? 'name' : 'id'}, or take this one over with --adopt.`;
    return { refusals: [foreignNotice(match, hint)] };
  }
  const wanted = openedWhenDue(match.desired, first, facts.now);
  const { changes, notices } = difference(wanted, first, facts);
  const fields = [...markChanges(wanted, first, owner), ...nameChanges(wanted, first, facts), ...changes];
  const adopt: Change = { action: 'adopt', ref, fields, takes: [], reason: null, desired: wanted, live: first };
  return { changes: [adopt], notices: [...notices, ...blockedNotice(wanted, first)] };
}

function ownPart(
  match: Match,
  live: Live,
  lost: readonly Change[],
  owner: Owner,
  facts: ServerFacts,
  choices: PresentChoices,
): PlanPart {
  const { desired, twins, foreign } = match;
  const { ref } = desired;
  /* Two runs at the same time give one name; of any other two it is not for us to say which is in use. */
  const unclear = twins.filter(({ id, name }) => !owner.known.has(id) || name !== live.name);
  if (unclear.length > 0) return { refusals: [duplicateNotice(ref, [live, ...unclear])] };
  const left = [...lost, ...twins.map((twin) => deletion(ref, twin, 'left', RACE))];
  if (live.name !== ref.name && foreign.length > 0) {
    const hint = `Its own ${ref.kind} is called ${live.name ?? 'nothing'} on the server: rename or delete the other one first.`;
    return { refusals: [foreignNotice(match, hint)] };
  }
  const { change, spare, notices, refusals } = ownChange(match, live, owner, facts, choices);
  if (change.action !== 'noop' && !mayTouch(live, owner, choices))
    return { refusals: [unnamedRefusal(ref, owner.set)] };
  const twin = foreign.length === 0 ? [] : [duplicateNotice(ref, [live, ...foreign])];
  return { changes: [...left, ...spare, change], notices: [...twin, ...notices], refusals };
}

type OwnChange = {
  readonly change: Change;
  readonly spare: readonly Change[];
  readonly notices: readonly Notice[];
  readonly refusals: readonly Notice[];
};

function ownChange(
  match: Match,
  live: Live,
  owner: Owner,
  facts: ServerFacts,
  { unheld, rotation }: PresentChoices,
): OwnChange {
  const { desired } = match;
  const fresh = closedAtFirst(desired, facts.now);
  const replaced = (because: Outlived): OwnChange => {
    return { change: replacement(fresh, live, because, facts), spare: [], notices: [], refusals: [] };
  };
  if (hasEnded(live.expires, facts.now) && desired.on_expired === 'recreate' && !endsInThePast(desired, facts.now)) {
    return replaced('ended');
  }
  if (desired.on_lost === 'replace' && unheld.has(live.id)) return replaced('unheld');
  const wanted = openedWhenDue(desired, live, facts.now);
  const { changes, notices } = difference(wanted, live, facts, owner.known.get(live.id));
  const fields = [...markChanges(wanted, live, owner), ...nameChanges(wanted, live, facts), ...changes];
  const action = fields.length === 0 ? 'noop' : 'update';
  const wish = facts.kind.hasSecret ? rotationWish(match, owner, facts.now, rotation) : null;
  return {
    change:
      wish?.is === 'rotation'
        ? { ...wish.make(fields), desired: wanted }
        : { action, ref: desired.ref, fields, takes: [], reason: null, desired: wanted, live },
    notices: [
      ...notices,
      ...(wish?.is === 'told' ? [wish.notice] : wish?.is === 'rotation' ? wish.notices : []),
      ...openingNotices(desired, wanted, facts.now),
      ...expiredNotice(wanted, live, changes, facts.now),
      ...blockedNotice(wanted, live),
    ],
    spare: wish?.is === 'spare' ? [wish.change] : [],
    refusals: wish?.is === 'refused' ? [wish.refusal] : [],
  };
}

/** What is to change so that our mark says whose it is, and what the spec calls it. */
function markChanges({ ref }: Desired, { id, mark, name }: Live, owner: Owner): readonly FieldChange[] {
  const { set } = owner;
  /* What has no metadata is known by its id alone. */
  if (mark === null && owner.isUnmarked(id)) return [];
  if (mark?.set !== set) return [{ field: 'set', from: mark?.set ?? null, to: set }];
  const called = mark.name ?? name;
  return called === ref.name ? [] : [{ field: 'name', from: called, to: ref.name }];
}

/** A part is called after what it is a part of, and has no name of its own. */
function nameChanges({ ref }: Desired, { name }: Live, { kind }: ServerFacts): readonly FieldChange[] {
  return name === ref.name || kind.partOf !== null ? [] : [{ field: kind.naming, from: name, to: ref.name }];
}

function replacement(desired: Desired, live: Live, because: Outlived, facts: ServerFacts): Change {
  const reasons = { ended: `expired ${String(live.expires)}`, left: LOST, unheld: 'nobody has its secret' };
  const reason = reasons[because];
  return {
    action: 'replace',
    ref: desired.ref,
    fields: whole(desired, facts),
    takes: [],
    reason,
    because,
    desired,
    live,
  };
}

function missingPart(desired: Desired, { named }: Owner, facts: ServerFacts): Present {
  const { ref } = desired;
  if (endsInThePast(desired, facts.now)) {
    const message = 'Its `expires` is in the past: the key would be dead when it is made.';
    const hint = 'Give a later `expires`, or `state: absent`.';
    return { refusals: [{ code: 'lifetime', ref, message, hint }] };
  }
  const absence = facts.kind.hasSecret ? absenceOf(desired, named, facts.now) : ({ is: 'never-made' } as const);
  if (absence.is === 'ended' && desired.on_expired === 'report')
    return { notices: [endedNotice(desired, absence.entry)] };
  const reason = REASONS[absence.is];
  const create: Change = {
    action: 'create',
    ref,
    fields: whole(desired, facts),
    takes: [],
    reason,
    desired,
    live: null,
  };
  return absence.is === 'vanished' || absence.is === 'fresh'
    ? { changes: [create], missed: { ref, key_id: absence.entry.key_id, isFresh: absence.is === 'fresh' } }
    : { changes: [create] };
}

const REASONS = {
  'never-made': null,
  ended: 'it ended, and is gone from the server',
  vanished: 'somebody deleted it',
  fresh: 'it was made a moment ago, and is gone from the server',
};

function expiredNotice({ ref }: Desired, live: Live, changes: readonly FieldChange[], now: Date): readonly Notice[] {
  if (!hasEnded(live.expires, now) || changes.some(({ field }) => field === 'expires')) return [];
  const message = `Expired ${String(live.expires)}: the server refuses it.`;
  const hint = 'Give it a later end, or say `on_expired: recreate` to replace it by a new key.';
  return [{ code: 'expired', ref, message, hint }];
}

/** Somebody blocked it by hand, and the spec says nothing of that. */
function blockedNotice({ ref, settings }: Desired, live: Live): readonly Notice[] {
  if (live.settings['blocked'] !== true || settings['blocked'] !== undefined) return [];
  const message = 'Somebody blocked it: the server refuses it, and the spec does not say so.';
  const hint = 'To keep it so, write `blocked: true`; to end it, `blocked: false`.';
  return [{ code: 'blocked', ref, message, hint }];
}
