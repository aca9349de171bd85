/** What is said of things that are not the set's own, or may not be, and stand in its way. */
import type { Notice, Refusal } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import type { Owner, Match } from './own.ts';

/** Others have the wanted name, or the wanted id. */
export function foreignNotice({ desired: { ref, id }, foreign: [first] }: Match, hint: string): Notice {
  const what = first?.id === id && first?.name !== ref.name ? `the id ${String(id)}` : 'this name';
  return { code: 'foreign', ref, message: `A ${ref.kind} with ${what} is there and ${whose(first)}.`, hint };
}

function whose(live: Live | undefined): string {
  const owner = live?.mark?.set;
  return owner === undefined ? 'was not made by vkeys, or has lost its mark' : `belongs to the set ${owner}`;
}

/**
 * A set that is only named like its file, and wants what belongs to other sets: its file was renamed. One sentence for all
 * that one of them has. `owners`: of each thing, its owner.
 */
export function renamedFile(set: string, owners: readonly string[]): readonly Refusal[] {
  return [...new Set(owners)].map((owner) => {
    const count = owners.filter((each) => each === owner).length;
    return {
      code: 'foreign',
      ref: null,
      message: `${count === 1 ? '1 key belongs' : `${String(count)} keys belong`} to the set ${owner}, but this spec does not say its set, so it is taken from the file's name: ${set}.`,
      hint: `If it is the same set, and its file was renamed: write \`set: ${owner}\` into the spec.`,
    };
  });
}

/** Whether a thing of the set may be changed or deleted: a set that is only named like its file may be somebody else's. */
export function mayTouch({ id }: Live, { known }: Owner, { isNamed }: { readonly isNamed: boolean }): boolean {
  return isNamed || known.has(id);
}

export function unnamedRefusal(ref: Ref, set: string): Refusal {
  return {
    code: 'unnamed',
    ref,
    message: `The spec does not say its set, so it is taken from the file's name (${set}); this machine did not make this ${ref.kind}, so it may be somebody else's.`,
    hint: `If it is yours, say so in the spec: \`set: ${set}\``,
  };
}

/** Several things of the set under one name, not all of which this machine made. */
export function duplicateNotice(ref: Ref, lives: readonly Live[]): Notice {
  const rows = lives.map((live) => `${live.id} (made ${live.created_at ?? 'at an unknown time'})`);
  return {
    code: 'duplicate',
    ref,
    message: `The server has ${String(lives.length)} ${ref.kind}s with this name: ${rows.join(', ')}.`,
    hint:
      ref.kind === 'key'
        ? 'Delete the ones that nobody uses: `vkeys delete HASH`.'
        : `Say which, by its id, or delete the ones that nobody uses: \`vkeys ${ref.kind} delete ID\`.`,
  };
}
