/** Changing what is meant of several keys, whoever owns them: each is looked at, then planned, checked, and changed together. */
import { KEY } from '../kinds/key.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { Detail } from '../litellm/survey.ts';
import type { Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';
import { isSpecKey, type SpecKey } from '../model/spec-key.ts';
import { difference, type ServerFacts } from '../plan/diff.ts';
import { dependsOnVersion } from '../plan/version.ts';
import type { Ran } from './apply.ts';
import { applyByHand, planByHand, wishByHand } from './by-hand.ts';
import { checkPlans } from './checks.ts';
import { openChoice, type Choice, type Named } from './choice.ts';
import { withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { withOldKeys } from './old-keys.ts';
import { RefusedError } from './plan.ts';
import { shortRefusals, withRest } from './rest.ts';
import { NoSuchKey, selectKeys, type Selection } from './select.ts';
import { ownedNotices, setOf } from './single.ts';
import { serverOf } from './survey.ts';

/** What of a key is to be otherwise, and what is worth saying of that. */
export type KeyWish = {
  readonly fields: Partial<Pick<Desired, 'settings' | 'lifetime' | 'opens' | 'extra'>>;
  readonly notices: readonly Notice[];
};

export type KeysWish = {
  /** What of the keys is looked at. */
  readonly look: Partial<Detail>;
  /** Whether old keys of rotations go along with theirs, or are only changed where somebody names them. */
  readonly old: 'along' | 'named';
  /** Seeing how a key is. */
  readonly wishFor: (live: Live, now: Date) => KeyWish;
  /** What is worth saying where anything changes. */
  readonly afterwards: readonly Notice[];
};

/** One of the keys, and what is wanted of it. `word`: where a spec names it. */
export type WishedKey = { readonly live: Live; readonly wish: Desired; readonly word: SpecKey | null };

/** What would be done. `missing`: what was named and is not there. */
export type KeysPlan = {
  readonly plans: readonly Plan[];
  readonly wished: readonly WishedKey[];
  readonly missing: readonly string[];
  readonly url: string;
};

/** `isRefused`: the server can do nothing of what was asked. */
export type Changed = Ran & { readonly isRefused: boolean };

/**
 * Changes what is meant, after `review` has seen it, who answers with what else is to be said, or with `null` where nothing is
 * to be done. With words that name nothing the run ends with an error, after the rest is done. Throws `RefusedError` before
 * anything is changed, and what `review` throws.
 */
export async function changeKeys(
  context: Context<RunOptions>,
  choice: Choice,
  wish: KeysWish,
  review: (planned: KeysPlan) => Promise<readonly Notice[] | null>,
): Promise<Changed | null> {
  const { world, hear } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const { session, named } = await openChoice(context, sessions, choice);
    const looking = { session, hear, look: wish.look };
    const selected = await selectKeys(looking, named);
    const selection = wish.old === 'along' ? await withOldKeys(looking, selected) : withoutOld(selected);
    const server = serverOf(world, session, wish.look, selection.survey);
    const wished = wishedOf(selection, named, wish);
    const first = plansOf(wished, selection, null);
    const isOld = first.some((plan) => dependsOnVersion(plan, KINDS));
    const made = isOld ? plansOf(wished, selection, await server.version()) : first;
    const said = await checkPlans(made, session, { modelCheck: false });
    const refusals = [...shortRefusals(selection), ...said.flatMap((each) => each.refusals)];
    if (refusals.length > 0) throw new RefusedError(refusals);
    const plans = made.map((plan, index) => ({
      ...plan,
      notices: [
        ...plan.notices,
        ...(said[index]?.notices ?? []),
        ...(choice.specs.length > 0 ? [] : setNotices(plan)),
        ...(index === 0 && made.some(isWork) ? wish.afterwards : []),
      ],
    }));
    const missing = selection.missing.map(({ label }) => label);
    const more = await review({ plans, wished, missing, url: session.url });
    if (more === null) return null;
    const told = plans.map((plan, index) => (index > 0 ? plan : { ...plan, notices: [...plan.notices, ...more] }));
    const ran = await applyByHand(context, sessions, server, told, started);
    const report = withRest(ran.report, session, named, selection, 'present');
    const isRefused = !plans.some(isWork) && plans.some(isImpossible);
    return { report, error: ran.error ?? (missing.length === 0 ? null : new NoSuchKey(selection)), isRefused };
  });
}

function withoutOld(selection: Selection): Selection {
  const { keys, matched } = selection;
  return { ...selection, keys: keys.filter((live) => !matched.has(live) || live.mark?.retiring === undefined) };
}

type Wished = WishedKey & { readonly notices: readonly Notice[] };

function wishedOf({ keys, survey }: Selection, { selectors }: Named, { wishFor }: KeysWish): readonly Wished[] {
  const words = selectors.filter((word) => word.is === 'spec');
  return keys.map((live) => {
    const { fields, notices } = wishFor(live, survey.now);
    const word = words.find((each) => isSpecKey(each, live)) ?? null;
    return { live, wish: wishByHand(live, fields), word, notices };
  });
}

/** A plan for each set. */
function plansOf(
  wished: readonly Wished[],
  { survey: { now, listed } }: Selection,
  version: string | null,
): readonly Plan[] {
  const facts = { kind: KEY, now, listed, version };
  return [...new Set(wished.map(({ live }) => setOf(live)))].map((set) => {
    const made = wished.filter(({ live }) => setOf(live) === set).map((each) => changeOf(each, facts));
    return planByHand(
      { set, state: 'present' },
      made.map(({ change }) => change),
      made.flatMap(({ notices }) => notices),
    );
  });
}

function changeOf(
  { live, wish, notices: said }: Wished,
  facts: ServerFacts,
): { readonly change: Change; readonly notices: readonly Notice[] } {
  const { changes, notices } = difference(wish, live, facts);
  const action = changes.length === 0 ? 'noop' : 'update';
  const change: Change = { action, ref: wish.ref, fields: changes, takes: [], reason: null, desired: wish, live };
  return { change, notices: [...notices, ...said] };
}

function setNotices({ set, changes }: Plan): readonly Notice[] {
  const [first, ...others] = changes.filter(({ action }) => action !== 'noop');
  return first === undefined ? [] : ownedNotices(others.length === 0 ? first.ref : null, set);
}

function isWork({ changes }: Plan): boolean {
  return changes.some(({ action }) => action !== 'noop');
}

function isImpossible({ notices }: Plan): boolean {
  return notices.some(({ code }) => code === 'unsupported');
}
