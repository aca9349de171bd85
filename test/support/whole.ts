import { expect } from 'vitest';
import type { Desired, Live } from '../../src/model/model.ts';
import { keyringOn, type Site } from './make.ts';

export function aliasesOf(keys: readonly Pick<Live, 'key_alias'>[]): readonly string[] {
  return keys.map(({ key_alias }) => key_alias ?? '').toSorted();
}

/** Each wanted key is there once; its secret is in the keyring, finished, and handed out. */
export async function expectWhole(site: Site, wanted: readonly Desired[]): Promise<void> {
  const found = await site.keys();
  expect(aliasesOf(found)).toEqual(aliasesOf(wanted.filter(({ state }) => state === 'present')));
  const { entries } = keyringOn(site.disk).state();
  const ends = found.map(({ key_id, key_alias }) => ({
    key_alias,
    pending: entries.get(key_id)?.pending,
    handedOut: site.shelf.get(key_alias ?? '')?.hash() === key_id,
  }));
  expect(ends).toEqual(found.map(({ key_alias }) => ({ key_alias, pending: false, handedOut: true })));
}

/** No secret in the keyring or handed out without its key. */
export async function expectNoMore(site: Site): Promise<void> {
  const found = await site.keys();
  const ids = found.map(({ key_id }) => key_id);
  expect([...site.shelf.keys()].filter((alias) => found.every(({ key_alias }) => key_alias !== alias))).toEqual([]);
  expect([...keyringOn(site.disk).state().entries.keys()].toSorted()).toEqual(ids.toSorted());
}
