/** What `-o json` and `-o yaml` print: one shape, whatever the command, however many sets, and whatever failed. */
import type { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { isSetChanged, outcomeOf, type Outcome, type Report, type SetReport } from '../model/outcome.ts';
import { summarize, type Notice, type Plan } from '../model/plan.ts';
import { nameText, refText, type Kind } from '../model/ref.ts';
import type { Diagnostic } from '../model/spec.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { errorJson } from './error.ts';
import { countsOf, outcomeJson, type Counts } from './outcome.ts';
import { withdrawnIn } from './plan.ts';
import { thingJson, THINGS } from './thing.ts';

/** What there is to print. `more`: members that only one command has. */
export type Content = {
  readonly started: Date;
  readonly ended: Date;
  readonly sets?: readonly JsonObject[];
  readonly summary?: Counts;
  readonly changed?: boolean;
  readonly keys?: readonly JsonObject[];
  /** Lists of things of other kinds, see `THINGS`. */
  readonly things?: Readonly<Record<string, readonly JsonObject[]>>;
  readonly notices?: readonly JsonObject[];
  readonly error?: VkeysError | null;
  /** The problems of a spec, where they are the error. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly more?: JsonObject;
};

/** A plan of one set, and its server's address. */
export type PlanAt = { readonly plan: Plan; readonly url: string };

const NONE: Counts = countsOf([]);

export function documentOf(content: Content): JsonObject {
  const { started, ended, sets = [], summary = NONE, changed = false, keys = [], notices = [], error = null } = content;
  return {
    version: 1,
    changed,
    started: started.toISOString(),
    ended: ended.toISOString(),
    summary,
    sets,
    keys,
    ...Object.fromEntries(Object.keys(THINGS).map((list) => [list, content.things?.[list] ?? []])),
    notices,
    error: error === null ? null : errorJson(error),
    ...(content.diagnostics === undefined ? {} : { diagnostics: diagnosticsJson(content.diagnostics) }),
    ...content.more,
  };
}

/** A run, with what stopped it. `key` of each key only with `secrets`; `notices`: what is about no set. */
export function reportDocument(
  { started, ended, sets }: Report,
  error: VkeysError | null,
  options: { readonly secrets: boolean; readonly notices: readonly Notice[] },
): JsonObject {
  return documentOf({
    started,
    ended,
    changed: sets.some(isSetChanged),
    summary: countsOf(sets.flatMap(({ outcomes }) => outcomes)),
    sets: sets.map(setJson),
    ...listsOf(sets, (outcome) => (isKey(outcome) ? outcomeJson(outcome, options) : thingJson(outcome))),
    notices: [
      ...options.notices.map((notice) => noticeJson(notice, null, 'notice')),
      ...sets.flatMap(({ set, notices }) => notices.map((notice) => noticeJson(notice, set, 'notice'))),
    ],
    error,
  });
}

type Outcomes = Pick<SetReport, 'set' | 'outcomes'>;

function plannedSet({ plan: { set, changes } }: PlanAt): Outcomes {
  return { set, outcomes: changes.map((change) => outcomeOf(change, 'applied')) };
}

function isKey({ change }: Outcome): boolean {
  return change.ref.kind === 'key';
}

/** What became of each thing, in the list of its kind. */
function listsOf(sets: readonly Outcomes[], show: (outcome: Outcome) => JsonObject): Pick<Content, 'keys' | 'things'> {
  const listOf = (kind: Kind): readonly JsonObject[] =>
    sets.flatMap(({ set, outcomes }) =>
      outcomes.filter(({ change }) => change.ref.kind === kind).map((outcome) => ({ set, ...show(outcome) })),
    );
  const things = Object.entries(THINGS).map(([list, kind]) => [list, listOf(kind)] as const);
  return { keys: listOf('key'), things: Object.fromEntries(things) };
}

function setJson(report: SetReport): JsonObject {
  const { set, url, version = null, state, outcomes, missing, written, withdrawn } = report;
  const [changed, summary] = [isSetChanged(report), countsOf(outcomes)];
  const server = { url, api_base_url: `${url}/v1`, litellm_version: version };
  return { set, ...server, state, changed, summary, missing, written, withdrawn };
}

/** A plan of several sets, and what keeps it from being applied. `refusals` and `notices` are about no single one of them. */
export function planDocument(
  plans: readonly PlanAt[],
  refusals: readonly Notice[],
  { notices, ...rest }: Pick<Content, 'started' | 'ended' | 'error'> & { readonly notices: readonly Notice[] },
): JsonObject {
  return documentOf({
    ...rest,
    summary: { ...NONE, ...summarize({ changes: plans.flatMap(({ plan }) => plan.changes) }) },
    sets: plans.map(plannedSetJson),
    ...listsOf(plans.map(plannedSet), (outcome) => {
      const shown = isKey(outcome) ? outcomeJson(outcome, { secrets: false }) : thingJson(outcome);
      return { ...shown, status: 'planned', changed: false };
    }),
    notices: [
      ...refusals.map((refusal) => noticeJson(refusal, null, 'refusal')),
      ...notices.map((notice) => noticeJson(notice, null, 'notice')),
      ...plans.flatMap(({ plan }) => plan.refusals.map((refusal) => noticeJson(refusal, plan.set, 'refusal'))),
      ...plans.flatMap(({ plan }) => plan.notices.map((notice) => noticeJson(notice, plan.set, 'notice'))),
    ],
  });
}

function plannedSetJson({ plan, url }: PlanAt): JsonObject {
  return {
    set: plan.set,
    url,
    api_base_url: `${url}/v1`,
    litellm_version: null,
    state: plan.state,
    changed: false,
    summary: { ...NONE, ...summarize(plan) },
    missing: plan.notices.flatMap(({ code, ref }) => (code === 'missing' && ref !== null ? [nameText(ref)] : [])),
    written: plan.rewrites,
    withdrawn: withdrawnIn(plan),
  };
}

/** A notice, or with `refusal` what stops the run. */
export function noticeJson(
  { code, ref, message, hint }: Notice,
  set: string | null,
  level: 'notice' | 'refusal',
): JsonObject {
  return { level, code, set, ref: ref === null ? null : refText(ref), message, hint };
}
