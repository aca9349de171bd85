/** Keys of ours whose secret nobody has: neither the keyring of this machine nor any of their places. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import type { Spec } from '../../src/model/spec.ts';
import { desired } from '../support/make.ts';
import { makeServer } from '../support/server.ts';
import { keysOf, makeMachine, one, spec, type Machine } from './machine.ts';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `k${String(at)}`);

function specIn(folder: string, all: readonly string[], on_lost: 'report' | 'replace' = 'replace'): Spec {
  const deliver: readonly Delivery[] = [
    { to: 'dotenv', path: join(folder, '{key_alias}.env'), variables: { KEY: '{key}' } },
    { to: 'json', path: join(folder, 'all.json') },
  ];
  const wanted = all.map((name) => desired({ name, on_lost, placeholders: { key_alias: name } }));
  return spec('lab', [], { deliver, desired: wanted });
}

/** A machine where keys were made, and one without their keyring that sees the same places. */
async function two(all: readonly string[]): Promise<{ made: Machine; fresh: Machine; folder: string }> {
  const server = one(makeServer());
  const [made, fresh] = [makeMachine({ server }), makeMachine({ server })];
  await made.apply([specIn(made.folder, all)]);
  return { made, fresh, folder: made.folder };
}

it('places that hold a secret keep their key: a machine without its keyring neither complains nor rewrites', async () => {
  const { fresh, folder } = await two(names(2));
  const { sets } = await fresh.plan([specIn(folder, names(2))]);
  expect(sets[0]?.plan).toMatchObject({ rewrites: [], notices: [], refusals: [] });
  expect(sets[0]?.plan.changes.map(({ action }) => action)).toEqual(['noop', 'noop']);
});

it('one place is enough, and what the others lack is told', async () => {
  const { fresh, folder } = await two(names(2));
  rmSync(join(folder, 'k0.env'));
  const { sets } = await fresh.plan([specIn(folder, names(2))]);
  expect(sets[0]?.plan.changes.map(({ action }) => action)).toEqual(['noop', 'noop']);
  expect(sets[0]?.plan.notices.map(({ code, message }) => [code, message])).toEqual([
    [
      'secret_unknown',
      'The keyring of this machine does not have the secret of k0, so those of its places that lack it stay as they are.',
    ],
  ]);
});

it('a key that nobody has is replaced where the spec says so, once', async () => {
  const { fresh, folder } = await two(names(4));
  rmSync(join(folder, 'k0.env'));
  rmSync(join(folder, 'all.json'));
  const told = await fresh.plan([specIn(folder, names(4), 'report')]);
  expect(told.sets[0]?.plan.changes.map(({ action }) => action)).toEqual(['noop', 'noop', 'noop', 'noop']);
  expect(told.sets[0]?.plan.notices[0]?.hint).toContain('on_lost: replace');
  const ran = await fresh.apply([specIn(folder, names(4))]);
  expect(keysOf(ran)).toEqual(['replace k0 applied', 'noop k1 applied', 'noop k2 applied', 'noop k3 applied']);
  const [entry, ...others] = (await fresh.keyring('lab')).entries.values();
  expect(others).toEqual([]);
  expect(readFileSync(join(folder, 'k0.env'), 'utf8')).toBe(`KEY=${String(entry?.secret.reveal())}\n`);
  expect(keysOf(await fresh.apply([specIn(folder, names(4))]))).not.toContain('replace k0 applied');
});

it('a place that cannot be read may well hold it, so the key stays', async () => {
  const { fresh, folder } = await two(names(1));
  const unread: Delivery = { to: 'json', path: folder };
  rmSync(join(folder, 'k0.env'));
  rmSync(join(folder, 'all.json'));
  const lab = specIn(folder, names(1));
  const { sets } = await fresh.plan([{ ...lab, deliver: [...lab.deliver, unread] }]);
  expect(sets[0]?.plan.changes.map(({ action }) => action)).toEqual(['noop']);
});

it('a machine that sees none of the places does not replace a whole set', async () => {
  const { fresh } = await two(names(10));
  const { refusals } = await fresh.plan([specIn(fresh.folder, names(10))]);
  expect(refusals.map(({ message }) => message)).toEqual([
    '10 of the 10 keys of lab would be deleted or replaced; 3 are allowed.',
  ]);
  const ran = await fresh.apply([specIn(fresh.folder, names(10))], { maxDeletions: { count: 10 } });
  expect(new Set(keysOf(ran).map((line) => line.split(' ')[0]))).toEqual(new Set(['replace']));
});
