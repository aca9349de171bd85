import { describe, expect, it } from 'vitest';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import type { Desired, Live, Snapshot } from '../../src/model/model.ts';
import type { Keyring, Server } from '../../src/apply/ports.ts';
import { forsakenOf, losersOf, settle } from '../../src/apply/settle.ts';
import { after, desired, hashOf, live, secretFor, SET, snapshot } from '../support/make.ts';

const never = (): Promise<never> => Promise.reject(new Error('settling only deletes'));

/** A server that notes what it is to delete. */
function noting(deleted: string[]): Server {
  const remove = (key_ids: readonly string[]): Promise<void> => {
    deleted.push(...key_ids);
    return Promise.resolve();
  };
  return { list: never, create: never, createMinted: never, info: never, update: never, delete: remove };
}

async function keyringWith(...keys: readonly Live[]): Promise<Keyring> {
  const keyring = memoryKeyring();
  await keyring.record(
    keys.map(({ key_id, key_alias }) => ({
      op: 'mint',
      key_id,
      key_alias: key_alias ?? '',
      secret: secretFor('x'),
      at: after(0),
    })),
  );
  return keyring;
}

const older = live({ key_id: hashOf('older') });
const younger = live({ key_id: hashOf('younger'), created_at: after(1) });
const ids = (keys: readonly Live[]): readonly string[] => keys.map(({ key_id }) => key_id);

it('of two keys of a set under one alias the younger loses, then the one with the larger hash', () => {
  const [low, high] = [live({ key_id: '0'.repeat(64) }), live({ key_id: 'f'.repeat(64) })];
  expect(ids(losersOf(SET, [younger, older]))).toEqual([younger.key_id]);
  expect(ids(losersOf(SET, [high, low]))).toEqual([high.key_id]);
  expect(ids(losersOf(SET, [younger, { ...low, created_at: null }, older]))).toEqual([older.key_id, younger.key_id]);
});

it('keys of other sets, without a mark or without an alias never lose', () => {
  const others = [
    live({ mark: null }),
    live({ mark: { set: 'other' } }),
    live({ key_alias: null }),
    live({ key_alias: null }),
  ];
  expect(losersOf(SET, [older, ...others])).toEqual([]);
});

it('takes a key away that lost a race, when it is our own', async () => {
  const deleted: string[] = [];
  const keyring = await keyringWith(younger);
  const { snapshot: left, notices } = await settle(SET, snapshot([older, younger]), noting(deleted), keyring);
  expect([deleted, ids(left.keys), keyring.state().entries.size]).toEqual([[younger.key_id], [older.key_id], 0]);
  expect(notices).toMatchObject([{ code: 'race', key_alias: 'a' }]);
});

it('leaves the hand-out of a key that lost a race to those who take hand-outs back', async () => {
  const keyring = await keyringWith(younger);
  await keyring.record([{ op: 'done', key_id: younger.key_id }]);
  const { snapshot: left } = await settle(SET, snapshot([older, younger]), noting([]), keyring);
  expect(forsakenOf([desired({ key_alias: 'a' })], left, keyring.state())).toMatchObject([{ key_id: younger.key_id }]);
});

it("leaves the other run's key alone, whoever was first", async () => {
  const deleted: string[] = [];
  const { snapshot: left } = await settle(SET, snapshot([older, younger]), noting(deleted), await keyringWith(older));
  expect([deleted, ids(left.keys)]).toEqual([[], [older.key_id, younger.key_id]]);
});

it('takes a key away whose secret nobody knows, and not the one that came after it', async () => {
  const deleted: string[] = [];
  const lost = live({ key_id: hashOf('lost'), mark: { set: SET, mint: 'm1' } });
  const keyring = await keyringWith(younger);
  await keyring.record([
    { op: 'ask', mint: 'm1', key_alias: 'a', at: after(0) },
    { op: 'ask', mint: 'm2', key_alias: 'b', at: after(0) },
  ]);
  const { snapshot: left, notices } = await settle(SET, snapshot([lost, younger]), noting(deleted), keyring);
  expect([deleted, ids(left.keys)]).toEqual([[lost.key_id], [younger.key_id]]);
  expect([...keyring.state().asked.keys()]).toEqual(['m2']);
  expect(notices[0]?.message).toContain('nobody knows it');
});

it('leaves keys alone that carry the mark of another run or set', async () => {
  const keyring = memoryKeyring();
  await keyring.record([{ op: 'ask', mint: 'm1', key_alias: 'a', at: after(0) }]);
  const keys = [live({ mark: { set: SET, mint: 'm2' } }), live({ key_alias: 'b', mark: { set: 'other', mint: 'm1' } })];
  const deleted: string[] = [];
  const settled = await settle(SET, snapshot(keys), noting(deleted), keyring);
  expect([deleted, settled.snapshot.keys, settled.notices]).toEqual([[], keys, []]);
});

it('keeps a secret whose key is not there: its creation may still be under way', async () => {
  const keyring = await keyringWith(older);
  await settle(SET, snapshot([]), noting([]), keyring);
  expect([...keyring.state().entries.keys()]).toEqual([older.key_id]);
});

it('forgets what is gone and not wanted, and nothing else', async () => {
  const keyring = memoryKeyring();
  const mint = (key_alias: string, seconds: number) =>
    keyring.record([
      { op: 'mint', key_id: hashOf(key_alias), key_alias, secret: secretFor(key_alias), at: after(seconds) },
    ]);
  for (const key_alias of ['there', 'wanted', 'absent', 'unmentioned', 'old']) await mint(key_alias, -7200);
  await mint('just-sent', -60);
  await keyring.record(['wanted', 'absent', 'unmentioned'].map((name) => ({ op: 'done', key_id: hashOf(name) })));
  const spec = [desired({ key_alias: 'wanted' }), desired({ key_alias: 'absent', state: 'absent' })];
  const now = snapshot([live({ key_alias: 'there' })]);
  const gone = forsakenOf(spec, now, keyring.state());
  expect(gone.map(({ key_alias }) => key_alias)).toEqual(['absent', 'unmentioned', 'old']);
  expect(gone[0]?.desired).toBe(spec[1]);
  expect(forsakenOf(spec, { ...now, complete: false }, keyring.state())).toEqual([]);
});

describe('secrets whose keys a run deleted that was cut before it cleaned up', () => {
  const gone = live();
  const line = { op: 'mint', key_id: gone.key_id, key_alias: 'a', secret: secretFor('x'), at: after(-7200) } as const;
  const absent = desired({ state: 'absent' });
  const stateOf = async (pending: boolean, at = line.at) => {
    const keyring = memoryKeyring();
    await keyring.record([{ ...line, at }, ...(pending ? [] : [{ op: 'done', key_id: gone.key_id } as const])]);
    return keyring.state();
  };

  it('are found, wherever the spec has the key', async () => {
    const state = await stateOf(false);
    expect(forsakenOf([absent], snapshot(), state)).toMatchObject([{ key_id: gone.key_id, desired: absent }]);
    expect(forsakenOf([], snapshot(), state)).toMatchObject([{ key_alias: 'a', desired: null }]);
    expect(forsakenOf([absent], snapshot(), await stateOf(true))).toHaveLength(1);
  });

  it.each<[string, readonly Desired[], Partial<Snapshot>, boolean, string]>([
    ['their keys are there', [absent], { keys: [gone] }, false, line.at],
    ['their keys are to be made again', [desired()], {}, false, line.at],
    ['not all keys were listed', [absent], { complete: false }, false, line.at],
    ['their creation may still be under way', [absent], {}, true, after(-3500)],
  ])('are kept when %s', async (_, wanted, fields, pending, at) => {
    expect(forsakenOf(wanted, snapshot([], fields), await stateOf(pending, at))).toEqual([]);
  });
});
