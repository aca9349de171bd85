/**
 * Names → ids. A spec calls a team, a user or a budget by its name; LiteLLM wants its id, takes any, and then refuses every
 * call. So each name is looked up, in the specs of the run first, and what is nowhere is refused with what was probably meant.
 */
import { didYouMean } from '../base/suggest.ts';
import { memberId } from '../kinds/member.ts';
import { REFERENCES, type Reference } from '../kinds/references.ts';
import type { Notice, Refusal } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Surveys } from '../model/survey.ts';

/** What a set wants, with ids instead of names, and what keeps it from having them. */
export type Resolved = { readonly desired: readonly Desired[]; readonly refusals: readonly Refusal[] };

/** What the sets of a run want, by set. */
export type Wanting = ReadonlyMap<string, readonly Desired[]>;

/** One set's wishes with ids. `adopt`: a thing of somebody else's under a wanted name is to be ours. */
export function resolved(set: string, all: Wanting, surveys: Surveys, adopt: boolean): Resolved {
  const refusals: Refusal[] = [];
  const own = [...all].flatMap(([name, desired]) => (name === set ? desired : []));
  const desired = own.map((wanted): Desired => {
    const ids: Record<string, string> = {};
    for (const reference of REFERENCES) {
      const name = wanted.names?.[reference.field];
      if (name === undefined) continue;
      const found = idOf(reference, name, set, all, surveys, { adopt, isLeaving: wanted.state === 'absent' });
      if ('id' in found) ids[reference.field] = found.id;
      else refusals.push({ code: 'reference', ref: wanted.ref, ...found });
    }
    const settings = { ...wanted.settings, ...ids };
    if (wanted.id === undefined && wanted.ref.kind !== 'member') return { ...wanted, settings };
    const id =
      ownId(wanted, settings) ?? liveOf(wanted, set, livesOf(wanted.ref.kind, surveys), adopt)?.id ?? wanted.id;
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
  set: string,
  all: Wanting,
  surveys: Surveys,
  { adopt, isLeaving }: { readonly adopt: boolean; readonly isLeaving: boolean },
): Found {
  const ownFirst = [...all].toSorted(([a], [b]) => Number(b === set) - Number(a === set));
  for (const [owner, desired] of ownFirst) {
    const wanted = desired.find(({ ref }) => ref.kind === kind && ref.name === name);
    if (wanted === undefined) continue;
    if (wanted.state === 'absent' && !isLeaving) {
      return { message: `Its ${kind} ${name} is to be deleted.`, hint: `Name another ${kind}, or keep this one.` };
    }
    return { id: liveOf(wanted, owner, livesOf(kind, surveys), adopt)?.id ?? wanted.id ?? name };
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

/** The thing on the server that a wish is about: by its id, by our mark, or, where it is to be taken over, by its name. */
export function liveOf(wanted: Desired, set: string, lives: readonly Live[], adopt: boolean): Live | null {
  const names = [wanted.ref.name, ...wanted.previously];
  const isOurs = ({ mark }: Live): boolean => mark?.set === set && mark.name !== null && names.includes(mark.name);
  return (
    lives.find(({ id }) => id === wanted.id) ??
    lives.find(isOurs) ??
    (adopt ? (lives.find(({ name }) => name === wanted.ref.name) ?? null) : null)
  );
}

function livesOf(kind: Kind, surveys: Surveys): readonly Live[] {
  return surveys.get(kind)?.lives ?? [];
}

function namesIn(kind: Kind, all: Wanting): readonly string[] {
  return [...all.values()].flat().flatMap(({ ref }) => (ref.kind === kind ? [ref.name] : []));
}
