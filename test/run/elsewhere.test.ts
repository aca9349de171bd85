/** One server under two addresses: a key that is deleted under the one is forgotten under the other. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyringState } from '../../src/model/keyring.ts';
import type { Spec } from '../../src/model/spec.ts';
import { selectorOf } from '../../src/model/selector.ts';
import { deleteChosen } from '../../src/run/delete.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { keyringState } from '../../src/run/keyrings.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import { desired } from '../support/make.ts';
import { keysOf, makeMachine, spec, URL_HERE, type Machine } from './machine.ts';

const URL_THERE = 'http://litellm.other-name.test';
const THERE = { url: URL_THERE };
const BY_NAME = { selectors: [selectorOf('a')], filter: {}, specs: [] };

function secretsAt(machine: Machine, url: string, set = 'crew'): Promise<KeyringState> {
  return keyringState(machine.context().world, {}, { server: url, set });
}

async function namesAt(machine: Machine, url: string, set = 'crew'): Promise<readonly string[]> {
  return [...(await secretsAt(machine, url, set)).entries.values()].map(({ name }) => name).toSorted();
}

/** A machine that made two keys here, and knows them there too. */
async function knownTwice(more: Partial<Spec> = {}): Promise<Machine> {
  const machine = makeMachine();
  await machine.apply([spec('crew', ['a', 'b'], more)]);
  expect(keysOf(await machine.apply([spec('crew', ['a', 'b'], more)], THERE))).toEqual([
    'noop a applied',
    'noop b applied',
  ]);
  expect([await namesAt(machine, URL_HERE), await namesAt(machine, URL_THERE)]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  return machine;
}

describe('a key that is deleted under another address is forgotten here', () => {
  it.each<[string, (machine: Machine) => Promise<unknown>]>([
    ['because the spec says absent', (machine) => machine.apply([absent(['a'])], THERE)],
    ['because it is pruned', (machine) => machine.apply([spec('crew', ['b'])], { ...THERE, prune: true })],
    ['by its name', (machine) => deleteChosen(machine.context(THERE), BY_NAME, () => Promise.resolve(true))],
    ['to make room for a new one', (machine) => replaced(machine)],
  ])('%s', async (_, remove) => {
    const machine = await knownTwice();
    const before = await secretsAt(machine, URL_HERE);
    const old = [...before.entries.values()].find(({ name }) => name === 'a')?.key_id ?? '';
    await remove(machine);
    for (const url of [URL_HERE, URL_THERE]) {
      const { entries } = await secretsAt(machine, url);
      expect([url, entries.has(old), [...entries.values()].some(({ name }) => name === 'b')]).toEqual([
        url,
        false,
        true,
      ]);
    }
    expect(keysOf(await machine.apply([spec('crew', ['b'])]))).toContain('noop b applied');
  });

  it('when what was handed out from here has been taken back by the next run', async () => {
    const machine = makeMachine();
    const path = join(machine.folder, 'keys.json');
    const deliver = [{ to: 'json', path }] as const;
    await machine.apply([spec('crew', ['a', 'b'], { deliver })]);
    const secret = [...(await secretsAt(machine, URL_HERE)).entries.values()].find(({ name }) => name === 'a')?.secret;
    expect(readFileSync(path, 'utf8')).toContain(secret?.reveal());
    await machine.apply([spec('crew', ['a', 'b'])], THERE);
    await machine.apply([absent(['a'])], THERE);
    await machine.apply([spec('crew', ['b'], { deliver })]);
    expect(readFileSync(path, 'utf8')).not.toContain(secret?.reveal());
    expect(await namesAt(machine, URL_HERE)).toEqual(['b']);
  });

  it('but not a key that is still there, nor one of the same name on another server', async () => {
    const machine = await knownTwice();
    await machine.apply([spec('other', ['x'])], THERE);
    await machine.apply([spec('crew', ['a', 'b'])], { ...THERE, prune: true });
    expect([await namesAt(machine, URL_HERE), await namesAt(machine, URL_THERE, 'other')]).toEqual([['a', 'b'], ['x']]);
  });

  it('and where that keyring cannot be opened, the run is done all the same, and says so', async () => {
    const machine = await knownTwice();
    mkdirSync(`${keyringPath(join(machine.folder, 'state'), { server: URL_HERE, set: 'crew' })}.lock`);
    const heard: RunEvent[] = [];
    const context = { ...machine.context(THERE), hear: (event: RunEvent) => void heard.push(event) };
    const ran = await deleteChosen(context, BY_NAME, () => Promise.resolve(true));
    expect(ran?.error).toBe(null);
    expect(heard.map(({ is }) => is)).toContain('keyring');
    expect([await namesAt(machine, URL_HERE), await namesAt(machine, URL_THERE)]).toEqual([['a', 'b'], ['b']]);
  });
});

function absent(names: readonly string[]): Spec {
  return spec('crew', [], {
    desired: [...names.map((name) => desired({ name, state: 'absent' })), desired({ name: 'b' })],
  });
}

async function replaced(machine: Machine): Promise<void> {
  const recreated = [
    desired({ name: 'a', on_expired: 'recreate', lifetime: { duration: '1h' } }),
    desired({ name: 'b' }),
  ];
  await machine.apply([spec('crew', [], { desired: recreated })], THERE);
  await machine.context().world.sleep(7_200_000, new AbortController().signal);
  const ran = await machine.apply([spec('crew', [], { desired: recreated })], THERE);
  expect(keysOf(ran)).toEqual(['replace a applied', 'noop b applied']);
}
