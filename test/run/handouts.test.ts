/** What a plan says of hand-outs. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { desired } from '../support/make.ts';
import { makeServer } from '../support/server.ts';
import { makeMachine, one, spec } from './machine.ts';

it('a key that the server rotates by itself makes its hand-outs stale', async () => {
  const machine = makeMachine();
  const wanted = ['a', 'b'].map((name) => desired({ name, settings: { auto_rotate: name === 'a' } }));
  const deliver = [{ to: 'json', path: join(machine.folder, 'keys.json') }] as const;
  const { sets } = await machine.plan([spec('one', [], { desired: wanted, deliver })]);
  expect(sets[0]?.plan.notices.map(({ code, ref }) => [code, ref?.name])).toEqual([['delivery', 'a']]);
  const nowhere = await machine.plan([spec('one', [], { desired: wanted })]);
  expect(nowhere.sets[0]?.plan.notices).toEqual([]);
});

it('keys whose secret nobody here knows are named as the spec calls them', async () => {
  const server = makeServer();
  const [there, here] = [makeMachine({ server: one(server) }), makeMachine({ server: one(server) })];
  await there.apply([spec('one', ['a', 'b', 'c'])]);
  const deliver = [{ to: 'json', path: join(here.folder, 'keys.json') }] as const;
  const { sets } = await here.plan([spec('one', ['a', 'b', 'c'], { deliver })]);
  expect(sets[0]?.plan.notices.map(({ message }) => message)).toEqual([
    'The keyring of this machine does not have the secret of a and 2 more, and no hand-out holds it.',
  ]);
});
