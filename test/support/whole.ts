import { expect } from 'vitest';
import type { Desired, Live } from '../../src/model/resource.ts';
import { keyringOn, type Site } from './make.ts';

export function namesOf(lives: readonly Pick<Live, 'name'>[]): readonly string[] {
  return lives.map(({ name }) => name ?? '').toSorted();
}

/** Each wanted key is there once; its secret is in the keyring, finished, and handed out. */
export async function expectWhole(site: Site, wanted: readonly Desired[]): Promise<void> {
  const found = await site.keys();
  const present = wanted.filter(({ state }) => state === 'present');
  expect(namesOf(found)).toEqual(namesOf(present.map(({ ref }) => ref)));
  const { entries } = keyringOn(site.disk).state();
  const ends = found.map(({ id, name }) => ({
    name,
    pending: entries.get(id)?.pending,
    handedOut: site.shelf.get(name ?? '')?.hash() === id,
  }));
  expect(ends).toEqual(found.map(({ name }) => ({ name, pending: false, handedOut: true })));
}

/** No secret in the keyring or handed out without its key, but for those that are known to be gone. */
export async function expectNoMore(site: Site): Promise<void> {
  const found = await site.keys();
  const ids = found.map(({ id }) => id);
  expect([...site.shelf.keys()].filter((alias) => found.every(({ name }) => name !== alias))).toEqual([]);
  const kept = [...keyringOn(site.disk).state().entries.values()].filter(({ gone }) => gone === null);
  expect(kept.map(({ key_id }) => key_id).toSorted()).toEqual(ids.toSorted());
}
