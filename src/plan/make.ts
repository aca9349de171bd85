import { isCreation, isDeletion, type Creation } from '../model/change.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import type { KeyringState } from '../model/keyring.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';
import { formerName } from '../model/rotation.ts';
import { refText, type Kind, type Ref } from '../model/ref.ts';
import type { Survey, Surveys } from '../model/survey.ts';
import { deletion } from './deletion.ts';
import type { ServerFacts } from './diff.ts';
import { retiredPart, stoppedNames } from './retired.ts';
import { DUE, type RotationChoice } from './rotation.ts';
import { withCascade } from './cascade.ts';
import { renamedFile } from './foreign.ts';
import { roleNotices } from './member-roles.ts';
import { marksOnly } from './marks.ts';
import { inOrder, type PlanPart } from './order.ts';
import { own, ownerOf, type Owner, type Match } from './own.ts';
import { LOST, presentPart, type Present, type PresentChoices } from './present.ts';
import { renameNotices, type Orphan } from './renames.ts';
import { lapsedIn, lapsedNotices } from './sandbox.ts';
import { withTakes } from './takes.ts';
import { unenforcedNotices } from './unenforced.ts';
import { absentPart, orphanPart, refOf, surplusPart } from './unwanted.ts';
import { vanishedOf, type Vanished } from './vanished.ts';
import { withdrawalsOf } from './withdraw.ts';

export type PlanChoices = {
  /** Take over foreign things under wanted names. */
  readonly adopt: boolean;
  /** Delete own things that the spec does not mention. */
  readonly prune: boolean;
  /** Leaves all other names out of the plan. */
  readonly only: (ref: Ref) => boolean;
  /** Things of others may go with what is deleted. */
  readonly cascade: boolean;
  /** Say whose things are, and change nothing else. */
  readonly marksOnly?: boolean | undefined;
  /** Which keys get new secrets; those that are due unless it is given. */
  readonly rotation?: RotationChoice;
  /** Keys, by id, whose secret neither the keyring nor any of their places has. */
  readonly unheld?: ReadonlySet<string>;
};

/** What a set wants. `isNamed`: the spec says which set it is, and does not only have a file's name. */
export type Intent = {
  readonly set: string;
  readonly isNamed: boolean;
  readonly state: 'present' | 'absent';
  readonly desired: readonly Desired[];
};

/** What a plan is made from: what the server has, what the set's keyring knows, and the server's version where it was asked for. */
export type Basis = {
  readonly surveys: Surveys;
  readonly kinds: Kinds;
  readonly keyring: KeyringState;
  readonly version: string | null;
};

/** A plan, how many things the set has on the server, and what of it vanished. */
export type Made = { readonly plan: Plan; readonly size: number; readonly vanished: Vanished };

/**
 * Compares what is wanted with what the server has. Pure: the same values give the same plan, whatever their order.
 * What an earlier run left unfinished is part of it.
 */
export function makePlan(intent: Intent, basis: Basis, choices: PlanChoices): Made {
  const { surveys, kinds, keyring } = basis;
  const lapsed = lapsedIn(keyring, surveys);
  const known = new Map([...keyring.entries].filter(([id]) => !lapsed.has(id)));
  const ownerFor = (kind: Kind): Owner => {
    const desired = intent.desired.filter(({ ref }) => ref.kind === kind);
    return ownerOf(intent.set, factsOf(kinds, kind), known, keyring, desired);
  };
  const made = [...surveys.values()].map((survey) => planKind(intent, survey, ownerFor(survey.kind), basis, choices));
  const single = inOrder(made.flatMap((each) => each.parts));
  const cascaded = withCascade(single.changes, basis, choices.cascade);
  const going = new Set([...cascaded.changes.filter(isDeletion).map(({ ref }) => refText(ref)), ...cascaded.parts]);
  const told = single.notices.filter(({ code, ref }) => code !== 'orphan' || ref === null || !going.has(refText(ref)));
  const roles = roleNotices(single.changes, basis.version);
  const idle = unenforcedNotices(single.changes, basis.version, kinds);
  const said = { notices: [...told, ...roles, ...idle, ...lapsedNotices(lapsed)], refusals: single.refusals };
  const parts = inOrder([said, cascaded]);
  const { set, state } = intent;
  const withdrawals = withdrawalsOf(basis, choices.only);
  const present = made.flatMap((each) => each.present);
  const changes = withTakes(parts.changes, basis);
  const plan: Plan = { set, state, ...parts, changes, rewrites: [], retractions: [], withdrawals };
  return {
    plan: choices.marksOnly === true ? marksOnly(plan) : plan,
    size: made.reduce((sum, { size }) => sum + size, 0),
    vanished: vanishedOf(
      ownerFor('key'),
      surveys,
      present.flatMap(({ missed = [] }) => missed),
    ),
  };
}

type MadeOfKind = { readonly parts: readonly PlanPart[]; readonly present: readonly Present[]; readonly size: number };

function planKind(
  intent: Intent,
  survey: Survey,
  owner: Owner,
  { kinds, version }: Basis,
  { adopt, prune, only, unheld = new Set(), rotation = DUE }: PlanChoices,
): MadeOfKind {
  const kind = factsOf(kinds, survey.kind);
  const facts: ServerFacts = { kind, now: survey.now, listed: survey.listed, version };
  const desired = intent.desired.filter(({ ref }) => ref.kind === survey.kind);
  const { matches, retired, orphans, lost, size } = own(owner, desired, survey.lives);
  const chosen = matches.filter((match) => only(match.desired.ref));
  const [wanted, unwanted] = [chosen.filter(isPresent), chosen.filter((match) => !isPresent(match))];
  const how: PresentChoices = { adopt, isNamed: intent.isNamed, unheld, rotation };
  const present = wanted.map((match) => presentPart(match, owner, facts, how));
  const absent = new Set<string | null>(
    unwanted.flatMap(({ desired: { ref, previously } }) => [ref.name, ...previously]),
  );
  const isChosen = (live: Live): boolean => only(refOf(owner, live));
  const whole = new Set(
    intent.desired.flatMap(({ id, whole: all = [] }) => (id !== undefined && all.includes(survey.kind) ? [id] : [])),
  );
  const surplus = surplusPart(survey.lives.filter(isChosen), owner, kind, whole);
  const unnamed = new Set(surplus.changes?.map(({ live }) => live));
  const rest = orphans.filter((live) => isChosen(live) && !unnamed.has(live));
  const stopped = new Set<string | null>([
    ...present.flatMap(stoppedNames),
    ...(prune ? rest.map((live) => refOf(owner, live).name) : []),
  ]);
  const isChosenOld = (live: Live): boolean => {
    const name = formerName(live);
    return !absent.has(name) && (isChosen(live) || stopped.has(name));
  };
  const parts: readonly PlanPart[] = [
    ...(intent.isNamed ? present : withoutForeign(intent.set, wanted, present)),
    ...unwanted.map((match) => absentPart(match, retired, owner, how)),
    retiredPart(retired.filter(isChosenOld), survey.lives, stopped, survey.now),
    surplus,
    ...rest.map((live) => orphanPart(live, owner, how, prune)),
    { changes: lost.filter(isChosen).map((live) => deletion(refOf(owner, live), live, 'left', LOST)) },
    ...(kind.hasSecret ? [{ notices: renameNotices(creationsIn(present), orphansOf(rest, owner), facts, prune) }] : []),
    gapsPart(survey, prune || chosen.some((match) => match.own === null)),
  ];
  return { parts, present, size };
}

/** What could not be read is told; where something would be concluded from what is not there, it stops the run. */
function gapsPart({ gaps, isShort }: Survey, concludes: boolean): PlanPart {
  if (isShort && concludes) return { refusals: gaps.map((message) => ({ ...gapNotice(message), hint: AGAIN })) };
  return { notices: gaps.map(gapNotice) };
}

const AGAIN = 'What is not seen is not taken for gone. Run the same command again when less is going on there.';

function gapNotice(message: string): Notice {
  return { code: 'survey', ref: null, message, hint: null };
}

function orphansOf(lives: readonly Live[], owner: Owner): readonly Orphan[] {
  return lives.map((live) => ({ live, ref: refOf(owner, live) }));
}

function isPresent({ desired }: Match): boolean {
  return desired.state === 'present';
}

function creationsIn(parts: readonly PlanPart[]): readonly Creation[] {
  return parts.flatMap(({ changes = [] }) => changes.filter(isCreation)).filter(({ action }) => action === 'create');
}

/** In a set that is only named like its file, keys of another set stand for one mistake. */
function withoutForeign(set: string, wanted: readonly Match[], present: readonly Present[]): readonly PlanPart[] {
  const owners = wanted.map(({ own: live, foreign }, index) =>
    live === null && present[index]?.refusals !== undefined ? (foreign[0]?.mark?.set ?? null) : null,
  );
  const parts = present.filter((_, index) => owners[index] === null);
  return [
    ...parts,
    {
      refusals: renamedFile(
        set,
        owners.filter((owner) => owner !== null),
      ),
    },
  ];
}
