/** What the server deletes along: the keys of a team with the team. It is told in the plan and counted by the guard. */
import { isOlder } from '../base/version.ts';
import { isDeletion, type Change } from '../model/change.ts';
import { REFERENCES } from '../kinds/references.ts';
import { factsOf, type Kinds, type Tie } from '../model/kind.ts';
import type { Plan } from '../model/plan.ts';
import { byRef, type Ref } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import type { Survey, Surveys } from '../model/survey.ts';

/** What of a server says what goes with what; a version that was not asked for is taken for a new one. */
export type Ties = { readonly surveys: Surveys; readonly kinds: Kinds; readonly version: string | null };

/** The changes with what each takes along. */
export function withTakes(changes: readonly Change[], ties: Ties): readonly Change[] {
  return changes.map((change) => {
    if (change.action !== 'delete' && change.action !== 'replace') return change;
    const taken = takenWith(change.live, ties);
    return taken.length === 0 ? change : { ...change, takes: taken.map(refOfTaken).toSorted(byRef) };
  });
}

/** What is deleted although keys may belong to it, which have to be looked for; of a part, that which it is a part of. */
export function ownersIn(
  { changes }: Pick<Plan, 'changes'>,
  kinds: Kinds,
): Readonly<Record<string, readonly string[]>> {
  const deleted = changes.filter(isDeletion).map(({ live }) => live);
  return Object.fromEntries(
    REFERENCES.flatMap(({ kind, field }) => {
      const ids = deleted.flatMap((live) => {
        if (live.kind === kind) return [live.id];
        const whole = factsOf(kinds, live.kind).partOf === kind ? live.settings[field] : null;
        return typeof whole === 'string' ? [whole] : [];
      });
      return ids.length === 0 ? [] : [[field, [...new Set(ids)]] as const];
    }),
  );
}

/** The surveys with keys that were looked for beside, and with what the look before did not have of those that it had. */
export function withKeysOf(
  surveys: Surveys,
  { lives, isShort, gaps }: Pick<Survey, 'lives' | 'isShort' | 'gaps'>,
): Surveys {
  const found = new Map(lives.map((live) => [live.id, live]));
  const there = new Set(surveys.get('key')?.lives.map(({ id }) => id));
  const more = lives.filter(({ id }) => !there.has(id));
  return new Map(
    [...surveys].map(([kind, survey]) => {
      if (kind !== 'key') return [kind, survey];
      const whole = survey.lives.map((live) => {
        return { ...live, settings: { ...found.get(live.id)?.settings, ...live.settings } };
      });
      const known = { lives: [...whole, ...more], gaps: [...survey.gaps, ...gaps] };
      return [kind, { ...survey, ...known, isShort: survey.isShort || isShort }];
    }),
  );
}

/** Those of every level below, whoever owns them. */
export function takenWith(live: Live, ties: Ties): readonly Live[] {
  const direct = tiedTo(live, factsOf(ties.kinds, live.kind).cascades, ties);
  const all = [...direct, ...direct.flatMap((other) => takenWith(other, ties))];
  return all.filter(({ kind, id }, at) => all.findIndex((each) => each.kind === kind && each.id === id) === at);
}

/** The things that are tied to one. */
export function tiedTo(live: Live, by: readonly Tie[], { surveys, version }: Ties): readonly Live[] {
  return by
    .filter(({ since }) => since === undefined || !isOlder(version, since))
    .flatMap((tie) => (surveys.get(tie.kind)?.lives ?? []).filter((other) => tie.isIn(other, live)));
}

export function refOfTaken({ kind, id, name, mark }: Live): Ref {
  return { kind, name: mark?.name ?? name ?? id };
}
