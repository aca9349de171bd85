/** Things that are not to be there: the spec says so, or does not mention them. */
import { MASTER_USER } from '../kinds/user.ts';
import type { KindFacts } from '../model/kind.ts';
import type { Ref } from '../model/ref.ts';
import { formerName } from '../model/rotation.ts';
import type { Live } from '../model/resource.ts';
import { deletion } from './deletion.ts';
import { foreignNotice, mayTouch, unnamedRefusal } from './foreign.ts';
import type { PlanPart } from './order.ts';
import { nameOf, type Owner, type Match } from './own.ts';
import type { PresentChoices } from './present.ts';

/** An own thing as the spec calls, or called, it. */
export function refOf(owner: Owner, live: Live): Ref {
  return { kind: live.kind, name: nameOf(owner, live) };
}

/** `retired`: the old ones of rotations, which go too where they are of this key. */
export function absentPart(
  match: Match,
  retired: readonly Live[],
  owner: Owner,
  { isNamed }: Pick<PresentChoices, 'isNamed'>,
): PlanPart {
  const { desired, own: live, twins, lost, successor, foreign } = match;
  const { ref } = desired;
  const names: readonly (string | null)[] = [ref.name, ...desired.previously];
  const old = retired.filter((each) => names.includes(formerName(each)));
  const gone = [...[live, successor].filter((each) => each !== null), ...twins, ...lost, ...old];
  if (gone.some((each) => !lost.includes(each) && !mayTouch(each, owner, { isNamed })))
    return { refusals: [unnamedRefusal(ref, owner.set)] };
  const changes = gone.map((each) => deletion(ref, each, 'absent', 'state: absent', desired));
  if (foreign.length > 0) {
    return {
      changes,
      notices: [foreignNotice(match, `It stays. To delete it all the same: ${wayOut(ref)}`)],
    };
  }
  const message = 'Is not there, as wanted.';
  return gone.length > 0 ? { changes } : { notices: [{ code: 'missing', ref, message, hint: null }] };
}

/** How to delete something, whoever made it. Parts are nobody else's. */
function wayOut({ kind, name }: Ref): string {
  return kind === 'key' ? `vkeys delete ${name}` : `vkeys ${kind} delete ${name}`;
}

/** Parts of things of which the spec says that it names all: those that it does not name. The creator's own is the server's. */
export function surplusPart(
  lives: readonly Live[],
  owner: Owner,
  { partOf }: KindFacts,
  whole: ReadonlySet<string>,
): PlanPart {
  const surplus = lives.filter(({ id, settings }) => {
    const { [`${String(partOf)}_id`]: of, user_id } = settings;
    return typeof of === 'string' && whole.has(of) && !owner.parts.has(id) && user_id !== MASTER_USER;
  });
  return {
    changes: surplus.map((live) => deletion(refOf(owner, live), live, 'pruned', 'the spec names all, and not it')),
  };
}

export function orphanPart(live: Live, owner: Owner, how: Pick<PresentChoices, 'isNamed'>, prune: boolean): PlanPart {
  const ref = refOf(owner, live);
  if (!prune) {
    const message = 'Belongs to this set, but the spec does not mention it (any more).';
    return { notices: [{ code: 'orphan', ref, message, hint: 'Delete it with --prune.' }] };
  }
  if (!mayTouch(live, owner, how)) return { refusals: [unnamedRefusal(ref, owner.set)] };
  return { changes: [deletion(ref, live, 'pruned', 'not in the spec')] };
}
