/** Plans all sets of a run, and checks all of them, before anything is changed anywhere. */
import type { Deliverer } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import { firstOf } from '../base/first-of.ts';
import { KINDS } from '../kinds/kinds.ts';
import { ownedKeys } from '../litellm/owned-keys.ts';
import type { Keyring, KeyringState, Line } from '../model/keyring.ts';
import { hasWork, type Notice, type Plan, type Refusal } from '../model/plan.ts';
import { nameText } from '../model/ref.ts';
import type { Spec } from '../model/spec.ts';
import { guard } from '../plan/guard.ts';
import { contestedRefusals } from '../plan/contested.ts';
import { makePlan, type Made, type PlanChoices } from '../plan/make.ts';
import { rotationsOf } from '../plan/rotation.ts';
import { ownersIn, withKeysOf } from '../plan/takes.ts';
import { dependsOnVersion } from '../plan/version.ts';
import { vanishedRefusals, type Vanished } from '../plan/vanished.ts';
import { checkAdmins } from './admins.ts';
import { checkPlans } from './checks.ts';
import { delivererFor } from './deliver.ts';
import { borrow } from './elsewhere.ts';
import { withHandouts, type HandedPlan } from './handouts.ts';
import { keptRefusals, printedNotices } from './kept.ts';
import { keyringState } from './keyrings.ts';
import { namedBy, withSessions, type Context, type Session } from './open.ts';
import type { RunOptions, SpecOptions } from './options.ts';
import { surveyServer, type SurveyedServer } from './survey.ts';

/** A set, its server, and its keyring. */
export type OpenSet = { readonly spec: Spec; readonly session: Session; readonly keyring: Keyring };

/** One set, planned. `borrowed`: lines that its keyring lacks, because another one of this user has them. */
export type PlannedSet = OpenSet & {
  readonly server: SurveyedServer;
  readonly state: KeyringState;
  readonly borrowed: readonly Line[];
  readonly deliverer: Deliverer;
  /** Whether the survey looked for all that the keyring knows. */
  readonly isSurveyed: boolean;
  readonly plan: Plan;
  readonly size: number;
  readonly vanished: Vanished;
};

/** What a run would do. `refusals`: what stops all of it, beside what stops single sets. */
export type RunPlan = { readonly sets: readonly PlannedSet[]; readonly refusals: readonly Refusal[] };

/** What `apply` would do. Changes nothing, and waits for no other run. Throws what stops a run before it is planned. */
export async function planSpecs(context: Context<RunOptions>, specs: readonly Spec[]): Promise<RunPlan> {
  return withSessions(context, async (sessions) => {
    const opened: OpenSet[] = [];
    for (const spec of specs) {
      const session = await sessions.open(namedBy(spec, specs));
      const state = await keyringState(context.world, context.options, { server: session.url, set: spec.set });
      opened.push({ spec, session, keyring: { state: () => state, record: () => Promise.resolve() } });
    }
    const planned = await planSets(context, opened);
    return { ...planned, sets: withNotices(planned.sets, printedNotices(context, planned.sets)) };
  });
}

/** What is worth saying of the whole run is said with its first set. */
function withNotices(sets: readonly PlannedSet[], notices: readonly Notice[]): readonly PlannedSet[] {
  return sets.map((set, index) =>
    index > 0 ? set : { ...set, plan: { ...set.plan, notices: [...set.plan.notices, ...notices] } },
  );
}

/** Looks at each server once, and plans all sets. Throws `spec` for a model that a server does not offer. */
export async function planSets(context: Context<RunOptions>, opened: readonly OpenSet[]): Promise<RunPlan> {
  const sets: PlannedSet[] = [];
  const refusals: Refusal[] = [];
  for (const session of new Set(opened.map((each) => each.session))) {
    const here = opened.filter((each) => each.session === session);
    const wishes = here.map(({ spec: { set, desired, adopt }, keyring }) => {
      return { set, desired, state: keyring.state(), adopt: adopt || context.options.adopt };
    });
    const server = await surveyServer(context.world, session, wishes, context.options);
    const planned: PlannedSet[] = [];
    for (const each of here) planned.push(await planSet(context, each, server));
    if (!context.options.recreate)
      refusals.push(...vanishedRefusals(planned.map(({ plan: { set }, vanished }) => ({ set, vanished }))));
    refusals.push(...contestedRefusals(planned.map(({ plan }) => plan)));
    const plans = planned.map(({ plan }) => plan);
    refusals.push(...(await checkAdmins(plans, session)));
    const said = await checkPlans(plans, session, context.options);
    sets.push(
      ...planned.map((set, index) => {
        const { notices = [], refusals: more = [] } = said[index] ?? {};
        const { plan } = set;
        return {
          ...set,
          plan: { ...plan, notices: [...plan.notices, ...notices], refusals: [...plan.refusals, ...more] },
        };
      }),
    );
  }
  refusals.push(...guard(sets, context.options.maxDeletions));
  const inOrder = opened.flatMap(({ spec }) => sets.filter((set) => set.spec === spec));
  refusals.push(...(await keptRefusals(context, inOrder)));
  return { sets: inOrder, refusals };
}

async function planSet(context: Context<RunOptions>, opened: OpenSet, server: SurveyedServer): Promise<PlannedSet> {
  const { options } = context;
  const { spec, session, keyring } = opened;
  const { state, borrowed } = await borrow(context, spec, keyring.state(), server.surveys);
  const { desired, refusals } = server.wishes.get(spec.set) ?? { desired: spec.desired, refusals: [] };
  const delivering = options.keepsPlaces === true ? { ...spec, deliver: null } : spec;
  const deliverer = delivererFor(delivering, session.url, context, options.sandbox === true);
  const madeWith = async (unheld: ReadonlySet<string>): Promise<Made & HandedPlan> => {
    const made = await makeFor({ ...spec, desired }, server, state, { ...options, unheld });
    const plan = options.rotatesOnly === true ? rotationsOf(made.plan) : made.plan;
    const whole = { ...plan, refusals: [...refusals, ...plan.refusals] };
    return { ...made, ...(await withHandouts(whole, spec, state, deliverer)) };
  };
  const first = await madeWith(new Set());
  const isAsked = first.unheld.size > 0 && desired.some(({ on_lost }) => on_lost === 'replace');
  const made = isAsked ? await madeWith(first.unheld) : first;
  return {
    ...opened,
    server,
    state,
    borrowed,
    deliverer,
    isSurveyed: true,
    plan: made.plan,
    size: made.size,
    vanished: made.vanished,
  };
}

/** A version is asked for only where the plan may promise what an old server cannot do. */
async function makeFor(
  spec: Spec,
  { session, surveys, version }: SurveyedServer,
  keyring: KeyringState,
  options: SpecOptions & Pick<PlanChoices, 'unheld'>,
): Promise<Made> {
  const how: PlanChoices = { ...options, adopt: options.adopt || spec.adopt };
  const basis = { surveys, kinds: KINDS, keyring, version: null };
  const first = makePlan(spec, basis, how);
  const owners = ownersIn(first.plan, KINDS);
  if (Object.keys(owners).length > 0) {
    const whole = withKeysOf(surveys, await ownedKeys(session.connection, owners));
    return makePlan(spec, { ...basis, surveys: whole, version: await version() }, how);
  }
  if (!dependsOnVersion(first.plan, KINDS)) return first;
  return makePlan(spec, { ...basis, version: await version() }, how);
}

/** All that stops a run. */
export function refusalsOf({ sets, refusals }: RunPlan): readonly Refusal[] {
  return [...refusals, ...sets.flatMap(({ plan }) => plan.refusals)];
}

/** Whether apply would do anything, in any set. */
export function hasWorkIn({ sets }: RunPlan): boolean {
  return sets.some(({ plan }) => hasWork(plan));
}

/** A run that is stopped before its first change. */
export class RefusedError extends VkeysError {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    const lines = [...new Set(refusals.map(({ message }) => message))].map((message) => {
      const names = refusals.flatMap((each) =>
        each.message === message && each.ref !== null ? [nameText(each.ref)] : [],
      );
      return names.length === 0 ? message : `${firstOf(names, SOME)}: ${message}`;
    });
    const hints = [...new Set(refusals.flatMap(({ hint }) => (hint === null ? [] : [hint])))];
    super('refused', `Nothing was changed.\n${lines.join('\n')}`, hints.join('\n'));
    this.refusals = refusals;
  }
}

/** So many names are enough to know which are meant. */
const SOME = 5;
