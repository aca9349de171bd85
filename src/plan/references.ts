/**
 * Names → ids. A spec calls a team, a user or a budget by its name; LiteLLM wants its id, takes any, and then refuses every
 * call. So each name is looked up, in the specs of the run first, and what is nowhere is refused with what was probably meant.
 */
import { didYouMean } from '../base/suggest.ts';
import { memberId } from '../kinds/member.ts';
import { REFERENCES, type Reference } from '../kinds/references.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import type { KeyringState } from '../model/keyring.ts';
import type { Notice, Refusal } from '../model/plan.ts';
import { refText, type Kind, type Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Surveys } from '../model/survey.ts';
import { own, ownerOf } from './own.ts';

/** What a set wants, with ids instead of names, and what keeps it from having them. */
export type Resolved = { readonly desired: readonly Desired[]; readonly refusals: readonly Refusal[] };

/** What a set wants, what its keyring knows, and whether a thing of somebody else's under a wanted name is to be its own. */
export type PeopleWish = {
  readonly set: string;
  readonly desired: readonly Desired[];
  readonly state: KeyringState;
  readonly adopt: boolean;
};

/** The wishes of the sets of a run with ids, by set. */
export function resolved(wishes: readonly PeopleWish[], surveys: Surveys, kinds: Kinds): ReadonlyMap<string, Resolved> {
  const all = wishes.map((wish): Wanting => ({ ...wish, lives: livesFor(wish, surveys, kinds) }));
  return new Map(all.map((wish) => [wish.set, resolvedOf(wish, all, surveys)]));
}

/** A set's wishes, and what the server has for each of them. */
type Wanting = PeopleWish & { readonly lives: ReadonlyMap<string, Live> };

/** What the plan will take for the set's own, by `kind/name`: the same rules, so that a name and its thing cannot part. */
function livesFor({ set, desired, state, adopt }: PeopleWish, surveys: Surveys, kinds: Kinds): Wanting['lives'] {
  const matches = [...surveys.values()].flatMap(({ kind, lives }) => {
    const wanted = desired.filter(({ ref }) => ref.kind === kind);
    return own(ownerOf(set, factsOf(kinds, kind), new Map(), state, wanted), wanted, lives).matches;
  });
  return new Map(
    matches.flatMap(({ desired: { ref }, own: live, foreign }) => {
      /* Of several nobody can say which is meant. */
      const adopted = adopt && foreign.length === 1 ? foreign : [];
      const found = live === null ? adopted : [live];
      return found.map((each) => [refText(ref), each] as const);
    }),
  );
}

function resolvedOf(wish: Wanting, all: readonly Wanting[], surveys: Surveys): Resolved {
  const refusals: Refusal[] = [];
  const desired = wish.desired.map((wanted): Desired => {
    const ids: Record<string, string> = {};
    for (const reference of REFERENCES) {
      const name = wanted.names?.[reference.field];
      if (name === undefined) continue;
      const found = idOf(reference, name, wish, all, surveys, wanted.state === 'absent');
      if ('id' in found) ids[reference.field] = found.id;
      else refusals.push({ code: 'reference', ref: wanted.ref, ...found });
    }
    const settings = { ...wanted.settings, ...ids };
    const id = ownId(wanted, settings) ?? wish.lives.get(refText(wanted.ref))?.id ?? wanted.id;
    return { ...wanted, settings, ...(id === undefined ? {} : { id }) };
  });
  return { desired, refusals };
}

/** A member is known by the ids of its team and its user. */
function ownId({ ref }: Desired, { team_id, user_id }: Desired['settings']): string | null {
  return ref.kind === 'member' && typeof team_id === 'string' && typeof user_id === 'string'
    ? memberId(team_id, user_id)
    : null;
}

type Found = { readonly id: string } | Pick<Notice, 'message' | 'hint'>;

function idOf(
  { kind, word, field }: Reference,
  name: string,
  wish: Wanting,
  all: readonly Wanting[],
  surveys: Surveys,
  isLeaving: boolean,
): Found {
  for (const { desired, lives } of [wish, ...all.filter((other) => other !== wish)]) {
    const wanted = desired.find(({ ref }) => ref.kind === kind && ref.name === name);
    if (wanted === undefined) continue;
    if (wanted.state === 'absent' && !isLeaving) {
      return leavingNotice(wanted.ref);
    }
    return { id: lives.get(refText(wanted.ref))?.id ?? wanted.id ?? name };
  }
  const lives = livesOf(kind, surveys);
  const [first, ...others] = lives.filter((live) => live.name === name || live.id === name);
  /* What is to go needs nothing that is there. */
  if (isLeaving && first === undefined) return { id: name };
  if (first !== undefined && others.length === 0) return { id: first.id };
  if (first !== undefined) {
    const ids = [first, ...others].map(({ id }) => id).join(', ');
    const message = `${String(others.length + 1)} ${kind}s of the server are called ${name}: ${ids}.`;
    return { message, hint: `Say which, by its id: ${field}: ${first.id}` };
  }
  const known = [...new Set([...namesIn(kind, all), ...lives.flatMap((live) => live.name ?? [])])];
  const message = `There is no ${kind} ${name}, neither in the spec nor on the server.${didYouMean(name, known)}`;
  return { message, hint: `Write it under ${kind}s:, or mend ${word}: in the spec.` };
}

function livesOf(kind: Kind, surveys: Surveys): readonly Live[] {
  return surveys.get(kind)?.lives ?? [];
}

/** Why nothing that stays may name what goes. */
export function leavingNotice({ kind, name }: Ref): Pick<Notice, 'message' | 'hint'> {
  return { message: `Its ${kind} ${name} is to be deleted.`, hint: `Name another ${kind}, or keep this one.` };
}

function namesIn(kind: Kind, all: readonly Wanting[]): readonly string[] {
  return all.flatMap(({ desired }) => desired.flatMap(({ ref }) => (ref.kind === kind ? [ref.name] : [])));
}
