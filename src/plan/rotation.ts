/**
 * Which keys get a new secret. A rotation that was begun is gone on with, whatever is asked for. What
 * another machine began is its own, until it is so old that nobody is at it any more.
 */
import { longestSpan, spanOf } from '../base/duration.ts';
import {
  isDeletion,
  isRotation,
  type Change,
  type Deletion,
  type FieldChange,
  type Outdated,
  type Rotation,
} from '../model/change.ts';
import { hasEnded } from '../model/lifetime.ts';
import type { Notice, Plan, Refusal } from '../model/plan.ts';
import { refText } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import { USUAL_TERMS, workingName, type RotationTerms } from '../model/rotation.ts';
import { deletion } from './deletion.ts';
import type { Match, Owner } from './own.ts';

/** Which keys are to be rotated, beside those that were begun: those that are due, some that somebody named, or none. */
export type RotationChoice = {
  readonly which: 'due' | 'none' | ((live: Live) => boolean);
  /** What was asked for, in place of what the spec says. */
  readonly terms: Partial<RotationTerms>;
};

export const DUE: RotationChoice = { which: 'due', terms: {} };

/** What is to be done about the secret of a key that is there: a rotation, something to be said, or nothing. */
export type RotationWish =
  | {
      readonly is: 'rotation';
      readonly make: (fields: readonly FieldChange[]) => Rotation;
      readonly notices: readonly Notice[];
    }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | { readonly is: 'told'; readonly notice: Notice }
  /** A new key of ours, and another machine was first. */
  | { readonly is: 'spare'; readonly change: Deletion }
  | null;

const SPARE = 'another machine gave its key a new secret first';

/** Milliseconds after which nobody is at a rotation any more that another machine began. */
const STALE = 3_600_000;

export function rotationWish(
  { desired, own: live, successor }: Pick<Match, 'desired' | 'own' | 'successor'>,
  { known, asked: unanswered, rotations }: Pick<Owner, 'known' | 'asked' | 'rotations'>,
  now: Date,
  { which, terms }: RotationChoice,
): RotationWish {
  /* A new one that only lacks the name is given it by an update. */
  if (live === null || live.name === workingName(desired.ref.name)) return null;
  const begun = rotations.get(live.id);
  const asked = begun === undefined ? askedFor(desired, live, now, which) : 'begun';
  const isOurs = successor === null || known.has(successor.id) || unanswered.has(successor.mark?.mint ?? '');
  if (!isOurs && !isStale(successor, now)) {
    const said = { ref: desired.ref, ...elsewhere(desired, successor) };
    if (asked === null) return { is: 'told', notice: { code: 'rotation', ...said } };
    return { is: 'refused', refusal: { code: 'rotation', ...said } };
  }
  if (asked === null) {
    if (successor === null) return null;
    return isOurs
      ? {
          is: 'spare',
          change: deletion({ kind: successor.kind, name: workingName(desired.ref.name) }, successor, 'left', SPARE),
        }
      : { is: 'told', notice: leftOver(desired, successor) };
  }
  if (hasEnded(live.expires, now)) {
    if (asked !== 'asked') return null;
    const message = `It ended ${String(live.expires)}: a new secret would be dead when it is made.`;
    const hint = `Give it a later end first: vkeys extend ${desired.ref.name} --by 7d`;
    return { is: 'refused', refusal: { code: 'rotation', ref: desired.ref, message, hint } };
  }
  const { grace, keepsSpend, isFromUse, ...how } = begun ?? { ...termsOf(desired), ...terms };
  const isLeaked = how.isLeaked || terms.isLeaked === true;
  const common = {
    action: 'rotate' as const,
    ref: desired.ref,
    takes: [],
    reason: reasonFor(asked, desired, live),
    because: asked,
    terms: { grace: isLeaked ? 0 : grace, keepsSpend, isLeaked, isFromUse },
    desired,
    live,
    successor,
  };
  return {
    is: 'rotation',
    make: (fields) => ({ ...common, fields }),
    notices: budgetNotices(desired, live, keepsSpend),
  };
}

/**
 * What of a key's own budget is not the new secret's: what was spent, unless that is carried, and when it begins anew, which no
 * server lets anybody say (litellm-people, rotation). A budget in a row of its own is that of both.
 */
function budgetNotices({ ref }: Desired, { settings, spend }: Live, keepsSpend: boolean): readonly Notice[] {
  if (settings['budget_id'] !== undefined) return [];
  const told = (message: string, hint: string): Notice => ({ code: 'rotation', ref, message, hint });
  const isLost = settings['max_budget'] !== undefined && spend > 0 && !keepsSpend;
  return [
    ...(isLost
      ? [told(WHOLE_BUDGET, 'To carry it: vkeys rotate --keep-spend, or in the spec rotate: keep_spend.')]
      : []),
    ...(settings['budget_duration'] === undefined
      ? []
      : [told(WINDOW, 'A budget that both keys name (budget_id) goes on as it is.')]),
  ];
}

const WHOLE_BUDGET = 'What it has spent counts no more: the new secret has its whole budget.';
const WINDOW = 'Its budget_duration begins anew with the new secret.';

function askedFor(desired: Desired, live: Live, now: Date, which: RotationChoice['which']): Outdated | null {
  if (typeof which === 'function') return which(live) ? 'asked' : null;
  return which === 'due' && isDue(desired, live, now) ? 'due' : null;
}

/** The age of a secret counts from when the server made its key, and not from when the first one under the name was made. */
function isDue({ rotate }: Desired, { created_at }: Live, now: Date): boolean {
  if (rotate === undefined || created_at === null) return false;
  const age = longestSpan(rotate.every);
  return age !== null && now.getTime() - Date.parse(created_at) >= age;
}

function termsOf({ rotate }: Desired): RotationTerms {
  const grace = rotate?.grace == null ? null : spanOf(rotate.grace);
  return { ...USUAL_TERMS, ...(grace === null ? {} : { grace }), keepsSpend: rotate?.keep_spend === true };
}

function reasonFor(asked: Outdated, { rotate }: Desired, { created_at }: Live): string | null {
  if (asked === 'begun') return 'an earlier run began it';
  return asked === 'due' ? `its secret is of ${String(created_at)}; rotate.every: ${String(rotate?.every)}` : null;
}

function isStale({ created_at }: Live, now: Date): boolean {
  return created_at !== null && now.getTime() - Date.parse(created_at) > STALE;
}

function elsewhere({ ref }: Desired, { created_at }: Live): Pick<Notice, 'message' | 'hint'> {
  return {
    message: `Another machine is giving it a new secret (${workingName(ref.name)}, made ${String(created_at)}).`,
    hint: 'Let it finish. If it was given up, rotate the key an hour after that, here or there.',
  };
}

function leftOver({ ref }: Desired, { created_at }: Live): Notice {
  return {
    code: 'rotation',
    ref,
    message: `Another machine began to give it a new secret (${workingName(ref.name)}, made ${String(created_at)}) and did not finish.`,
    hint: `Finish it there; or begin anew here: vkeys rotate ${ref.name}`,
  };
}

/** Of a plan what is about new secrets. */
export function rotationsOf(plan: Plan): Plan {
  const changes = plan.changes.filter(
    (change) => isRotation(change) || (isDeletion(change) && change.because === 'retired') || isTurning(change),
  );
  const told = new Set(changes.map(({ ref }) => refText(ref)));
  const notices = plan.notices.filter(
    ({ code, ref }) => code === 'rotation' || (ref !== null && told.has(refText(ref))),
  );
  return { ...plan, changes, notices };
}

/** A new key is given the name that it lacks. */
function isTurning({ action, live, ref }: Change): boolean {
  return action === 'update' && live.name === workingName(ref.name);
}
