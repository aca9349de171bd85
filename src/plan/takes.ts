/** What the server deletes along: the keys of a team with the team. It is told in the plan and counted by the guard. */
import type { Change } from '../model/change.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import { byRef, type Ref } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import type { Surveys } from '../model/survey.ts';

/** The changes with what each takes along. */
export function withTakes(changes: readonly Change[], surveys: Surveys, kinds: Kinds): readonly Change[] {
  return changes.map((change) => {
    if (change.action !== 'delete' && change.action !== 'replace') return change;
    const taken = takenWith(change.live, surveys, kinds);
    return taken.length === 0 ? change : { ...change, takes: taken.map(refOf).toSorted(byRef) };
  });
}

/** Those of every level below, whoever owns them. */
function takenWith(live: Live, surveys: Surveys, kinds: Kinds): readonly Live[] {
  const direct = factsOf(kinds, live.kind).cascades.flatMap((cascade) =>
    (surveys.get(cascade.kind)?.lives ?? []).filter((other) => cascade.isIn(other, live)),
  );
  const all = [...direct, ...direct.flatMap((other) => takenWith(other, surveys, kinds))];
  return all.filter(({ kind, id }, at) => all.findIndex((each) => each.kind === kind && each.id === id) === at);
}

function refOf({ kind, id, name, mark }: Live): Ref {
  return { kind, name: mark?.name ?? name ?? id };
}
