/** New secrets under old names, for keys that somebody named, whoever made them. Those that specs hand out are rotated by their specs. */
import { firstOf } from '../base/first-of.ts';
import { oneLine } from '../encode/terminal.ts';
import { keyStore } from '../litellm/key-store.ts';
import type { Change } from '../model/change.ts';
import type { KeyringState } from '../model/keyring.ts';
import type { Notice, Plan, Refusal } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import { workingName, type RotationTerms } from '../model/rotation.ts';
import { inOrder, type PlanPart } from '../plan/order.ts';
import { retirement } from '../plan/retired.ts';
import { rotationWish } from '../plan/rotation.ts';
import type { Ran } from './apply.ts';
import { applyByHand, planByHand, wishByHand } from './by-hand.ts';
import { openChoice, type Choice } from './choice.ts';
import { keptRefusals } from './kept.ts';
import { keyringState } from './keyrings.ts';
import { withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { withOldKeys } from './old-keys.ts';
import { RefusedError } from './plan.ts';
import { shortRefusals, withRest } from './rest.ts';
import { NoSuchKey, selectKeys, type Selection } from './select.ts';
import { adhoc, setOf } from './single.ts';
import { serverOf, WHOLE } from './survey.ts';

/** What would be done, set by set, and what was named and is not there. */
export type RotationPlan = {
  readonly plans: readonly Plan[];
  readonly missing: readonly string[];
  readonly url: string;
};

/**
 * Gives each of the keys a new secret, after `review` has seen the plan; `false` ends the run without a change. Throws
 * `RefusedError` before anything is changed.
 */
export async function rotateChosen(
  context: Context<RunOptions>,
  choice: Choice,
  terms: Partial<RotationTerms>,
  review: (planned: RotationPlan) => Promise<boolean>,
): Promise<Ran | null> {
  const { world, hear, options } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const { session, named } = await openChoice(context, sessions, choice);
    const looking = { session, hear, look: WHOLE };
    const selected = await selectKeys(looking, named);
    const selection = terms.isLeaked === true ? await withOldKeys(looking, selected) : selected;
    const begun = await begunAmong(selection, session);
    const chosen = [...new Map([...selection.keys, ...begun.lone].map((live) => [live.id, live])).values()];
    const sets = [...new Set(chosen.map(setOf))];
    const states = new Map<string, KeyringState>();
    for (const set of sets) states.set(set, await keyringState(world, options, { server: session.url, set }));
    const { now } = selection.survey;
    const parts = sets.map((set) => {
      const state = states.get(set);
      if (state === undefined) throw new Error('each set has a keyring');
      const lives = chosen.filter((live) => setOf(live) === set);
      return { set, state, ...inOrder(lives.map((live) => partFor(live, state, begun.successors, terms, now))) };
    });
    const plans = parts.map(({ set, changes, notices }) => planByHand({ set, state: 'present' }, changes, notices));
    const kept = parts.map(({ set, state }, index) => {
      return {
        spec: adhoc(set),
        session,
        plan: plans[index] ?? planByHand({ set, state: 'present' }, []),
        state,
        borrowed: [],
      };
    });
    const refusals = [
      ...shortRefusals(selection),
      ...parts.flatMap((part) => part.refusals),
      ...(await keptRefusals(context, kept)),
    ];
    if (refusals.length > 0) throw new RefusedError(refusals);
    const missing = selection.missing.filter(({ label }) => !begun.named.has(label));
    const isWanted = await review({ plans, missing: missing.map(({ label }) => label), url: session.url });
    if (!isWanted) return null;
    const server = serverOf(world, session, WHOLE, selection.survey);
    const ran = await applyByHand(context, sessions, server, plans, started);
    const left = { ...selection, missing };
    const report = withRest(ran.report, session, named, left, 'present');
    return { report, error: ran.error ?? (missing.length === 0 ? null : new NoSuchKey(left)) };
  });
}

/** Of the keys that are meant the new ones, by the name that they are to have; and those whose old ones are not there. */
type Begun = {
  readonly successors: ReadonlyMap<string, Live>;
  readonly lone: readonly Live[];
  /** The words that mean them. */
  readonly named: ReadonlySet<string>;
};

/** An earlier run may have left a new key under its working name, beside the old one or without it. */
async function begunAmong({ keys, missing }: Selection, session: Session): Promise<Begun> {
  const names = [...keys.map(nameOf), ...missing.flatMap((word) => (word.is === 'alias' ? [word.label] : []))];
  if (names.length === 0) return { successors: new Map(), lone: [], named: new Set() };
  const wanted = { ids: [], names: names.map(workingName), all: false };
  const { lives } = await keyStore(session.connection, WHOLE).survey(wanted);
  const byName = new Map(lives.map((live) => [live.name, live]));
  const found = names.flatMap((name) => {
    const live = byName.get(workingName(name));
    return live === undefined ? [] : [[name, live] as const];
  });
  const there = new Set(keys.map(nameOf));
  const lone = found.filter(([name]) => !there.has(name));
  return {
    successors: new Map(found),
    lone: lone.map(([, live]) => live),
    named: new Set(lone.map(([name]) => name)),
  };
}

function nameOf({ mark, name, id }: Live): string {
  return mark?.name ?? name ?? id;
}

function partFor(
  live: Live,
  { entries, rotations, asked }: KeyringState,
  successors: Begun['successors'],
  terms: Partial<RotationTerms>,
  now: Date,
): PlanPart {
  const name = nameOf(live);
  const ref = { kind: 'key', name } as const;
  if (live.mark?.retiring !== undefined)
    return terms.isLeaked === true
      ? { changes: [retirement(live, 'others have its secret')] }
      : { notices: [retires(live)] };
  if (name.endsWith(workingName(''))) {
    const turned = { kind: 'key', name: name.slice(0, -workingName('').length) } as const;
    return entries.has(live.id)
      ? { changes: [turning(wishByHand(live, { ref: turned }), live)] }
      : { notices: [retires(live)] };
  }
  const places = entries.get(live.id)?.places ?? [];
  const specs = places.flatMap(({ spec }) => spec ?? []);
  if (places.length > 0)
    return {
      refusals: [
        handedOut(
          ref,
          places.map(({ path }) => path),
          specs[0],
          terms,
        ),
      ],
    };
  const desired = wishByHand(live, { ref });
  const match = { desired, own: live, successor: successors.get(name) ?? null };
  const wish = rotationWish(match, { known: entries, asked, rotations }, now, { which: () => true, terms });
  if (wish === null) return {};
  if (wish.is === 'spare') return { changes: [wish.change] };
  if (wish.is === 'refused') return { refusals: [wish.refusal] };
  return wish.is === 'told' ? { notices: [wish.notice] } : { changes: [wish.make([])], notices: wish.notices };
}

function retires({ name, id, mark }: Live): Notice {
  const until = mark?.retiring;
  const message =
    until === undefined
      ? 'It is the new secret of a rotation that is under way elsewhere.'
      : `It is an old secret in its grace, which ends ${until}.`;
  return { code: 'rotation', ref: { kind: 'key', name: name ?? id }, message, hint: null };
}

/** Only what made the hand-outs can make them again. */
function handedOut(
  ref: Ref,
  paths: readonly string[],
  spec: string | undefined,
  { isLeaked = false }: Partial<RotationTerms>,
): Refusal {
  const file = spec ?? 'FILE';
  return {
    code: 'rotation',
    ref,
    message: `It is handed out (${firstOf(paths.map(oneLine))}), and only its spec knows how.`,
    hint: `Rotate it by its spec: vkeys rotate -f ${oneLine(file)} --only ${ref.name}${isLeaked ? ' --leaked' : ''}`,
  };
}

/** A new key, whose old one is out of the way, is given the name that it lacks. */
function turning(desired: Desired, live: Live): Change {
  const { ref } = desired;
  const fields = [
    { field: 'name', from: live.mark?.name ?? null, to: ref.name },
    { field: 'key_alias', from: live.name, to: ref.name },
  ];
  return { action: 'update', ref, fields, takes: [], reason: 'an earlier run began it', desired, live };
}
