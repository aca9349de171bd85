/** The old keys of rotations in their grace, which go with their keys: they open the same doors. */
import { keyStore } from '../litellm/key-store.ts';
import type { Live } from '../model/resource.ts';
import { formerName } from '../model/rotation.ts';
import { searchKeys, type Looking, type Selection } from './select.ts';

/** The selection with those, whatever named the keys. The list is read only where one of the keys was rotated. */
export async function withOldKeys({ session, hear, look = {} }: Looking, selection: Selection): Promise<Selection> {
  const rotated = selection.keys.filter(({ mark }) => mark?.since !== undefined && mark.retiring === undefined);
  if (rotated.length === 0) return selection;
  const names = new Set(rotated.map(({ mark, name }) => nameIn(mark, mark?.name ?? name)));
  const there = new Set(selection.keys.map(({ id }) => id));
  const isOld = (live: Live): boolean => !there.has(live.id) && names.has(nameIn(live.mark, formerName(live)));
  const { lives, gaps, isShort } = await searchKeys(session, hear, isOld);
  const ids = lives.map(({ id }) => id);
  const seen =
    ids.length === 0 ? [] : (await keyStore(session.connection, look).survey({ ids, names: [], all: false })).lives;
  /* A survey may show more than it was asked for. */
  const old = seen.filter(isOld);
  return {
    ...selection,
    keys: [...selection.keys, ...old],
    gaps: [...new Set([...selection.gaps, ...gaps])],
    isShort: selection.isShort || isShort,
  };
}

function nameIn(mark: Live['mark'], name: string | null): string {
  return JSON.stringify([mark?.set ?? null, name]);
}
