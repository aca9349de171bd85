/** One server under two addresses, with a keyring for each: what one of them knows of the set's keys, the other borrows. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { RefusedError, refusalsOf } from '../../src/run/plan.ts';
import type { Spec } from '../../src/model/spec.ts';
import { connect, desired } from '../support/make.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { changesIn, keysOf, makeMachine, one, spec, type Machine } from './machine.ts';

const THERE = { url: 'http://other-name.test' };

/** A machine that made the key `a` at its usual address, after which somebody wrote this over the key's metadata. */
async function machineWith(metadata: JsonObject): Promise<Machine> {
  const server = makeServer();
  const machine = makeMachine({ server: one(server) });
  await machine.apply([spec('crew', ['a'])]);
  const store = keyStore(connect(server.fetch, { now: server.clock.now, secret: new Secret(MASTER_KEY) }));
  const { lives } = await store.survey({ ids: [], names: ['a'], all: false });
  for (const { id } of lives) await store.update(id, () => ({ metadata }));
  return machine;
}

const secretsIn = ({ report }: Awaited<ReturnType<Machine['apply']>>): readonly unknown[] =>
  report.sets.flatMap(({ outcomes }) => outcomes.map(({ secret }) => secret?.hash()));

describe('a key whose mark was wiped', () => {
  it.each<[string, Spec, string]>([
    ['is known at the other address', spec('crew', ['a']), 'a'],
    ['is known there, where no spec says the set', spec('crew', ['a'], { isNamed: false }), 'a'],
    [
      'is known there under a new name',
      spec('crew', [], { desired: [desired({ name: 'b', previously: ['a'] })] }),
      'b',
    ],
  ])('%s: the plan puts the mark back, and its secret is known', async (_, wanted, name) => {
    const machine = await machineWith({ note: 'mine' });
    const [id] = (await machine.keyring('crew')).entries.keys();
    const planned = await machine.plan([wanted], THERE);
    expect(refusalsOf(planned)).toEqual([]);
    expect(planned.sets.flatMap(({ plan }) => plan.changes)).toMatchObject([
      { action: 'update', ref: { name }, fields: expect.arrayContaining([{ field: 'set', from: null, to: 'crew' }]) },
    ]);
    const ran = await machine.apply([wanted], THERE);
    expect([keysOf(ran), secretsIn(ran)]).toEqual([[`update ${name} applied`], [id]]);
    expect(changesIn(machine.requests)).toEqual(['POST /key/update']);
    const again = await machine.apply([wanted], THERE);
    expect([keysOf(again), changesIn(machine.requests)]).toEqual([[`noop ${name} applied`], []]);
  });

  it('is deleted there where the spec says so, and forgotten everywhere', async () => {
    const machine = await machineWith({});
    const gone = spec('crew', [], { state: 'absent', desired: [desired({ name: 'a', state: 'absent' })] });
    expect(keysOf(await machine.apply([gone], THERE))).toEqual(['delete a applied']);
    expect((await machine.keyring('crew')).entries.size).toBe(0);
  });

  it.each<[string, JsonObject, string, string]>([
    ['that only another set of this user knows', {}, 'other', 'foreign'],
    ['that another set has marked as its own', { vkeys: { set: 'theirs', name: 'a' } }, 'crew', 'foreign'],
  ])('%s stays what it is: a conflict', async (_, metadata, set, code) => {
    const machine = await machineWith(metadata);
    const refused = await machine.apply([spec(set, ['a'])], THERE).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused).toMatchObject({ refusals: [{ code }] });
    expect(changesIn(machine.requests)).toEqual([]);
  });
});
