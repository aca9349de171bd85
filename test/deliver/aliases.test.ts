/** Two names that lead to one place: what is taken from the old one must not be missing from the new one. */
import { mkdir, readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import type { Place } from '../../src/model/place.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { Run } from '../../src/deliver/sink.ts';
import { delivererTo, dotenv, folder, handout, HOST, known, sinkPorts, TO } from './handouts.ts';

const ADA = handout('ada');

/** Puts the key as it is remembered, and answers with how it is remembered then. */
async function put(deliveries: readonly Delivery[], places: readonly Place[], run?: Run) {
  const to = deliveries.map((delivery) => ({ delivery, to: TO }));
  const deliverer = makeDeliverer('lab', to, { host: HOST, files: [] }, sinkPorts(run === undefined ? {} : { run }));
  const stale = await deliverer.stale([known(ADA, places)], []);
  const done = await deliverer.put([known(ADA, places)]);
  return { stale, ...done, places: done.placed.get(ADA.key_id) ?? [] };
}

describe('a folder behind a link', () => {
  test.each([
    ['a file for each', (at: string): Delivery => dotenv(join(at, '{user}.env'))],
    ['a table', (at: string): Delivery => ({ to: 'csv', path: join(at, 'all.csv') })],
    ['a text', (at: string): Delivery => ({ to: 'text', path: join(at, '{user}.txt'), template: '{key}' })],
  ])('is the same place: %s', async (_, deliveryIn) => {
    const at = await folder();
    const [real, link] = [join(at, 'real'), join(at, 'link')];
    await mkdir(real);
    await symlink(real, link);
    const first = await put([deliveryIn(real)], []);
    const second = await put([deliveryIn(link)], first.places);
    expect(second.stale).toMatchObject({ put: [], remove: [] });
    expect(second).toMatchObject({ written: [], withdrawn: [], failed: new Map() });
    expect(await readFile(String(second.places[0]?.path), 'utf8')).toContain('sk-ada-secret');
    expect(second.places.map(({ path }) => path.startsWith(link))).toEqual([true]);
    const back = await put([deliveryIn(real)], second.places);
    expect(back).toMatchObject({ written: [], withdrawn: [] });
  });

  test('that was moved, with a link left behind, keeps its files', async () => {
    const at = await folder();
    const first = await put([dotenv(join(at, 'old', '{user}.env'))], []);
    await rename(join(at, 'old'), join(at, 'new'));
    await symlink(join(at, 'new'), join(at, 'old'));
    await put([dotenv(join(at, 'new', '{user}.env'))], first.places);
    expect(await readFile(join(at, 'new', 'ada.env'), 'utf8')).toContain('sk-ada-secret');
  });

  test('elsewhere is another place, from which the key is taken', async () => {
    const at = await folder();
    const first = await put([dotenv(join(at, 'old', '{user}.env'))], []);
    const second = await put([dotenv(join(at, 'new', '{user}.env'))], first.places);
    expect(second.withdrawn).toEqual([join(at, 'old', 'ada.env')]);
  });
});

test.each([
  ['dotenv', 'text'],
  ['text', 'dotenv'],
  ['json', 'dotenv'],
] as const)('a file that was %s and is to be %s is there, and only that', async (before, after) => {
  const path = join(await folder(), 'ada');
  const forms: Readonly<Record<string, Delivery>> = {
    dotenv: dotenv(path, { KEY: '{key}' }),
    text: { to: 'text', path, template: 'key: {key}\n' },
    json: { to: 'json', path, variables: { KEY: '{key}' } },
  };
  const of = (name: string): readonly Delivery[] =>
    Object.entries(forms).flatMap(([to, form]) => (to === name ? form : []));
  const first = await put(of(before), []);
  const second = await put(of(after), first.places);
  expect(second.failed).toEqual(new Map());
  expect(await readFile(path, 'utf8')).toBe(after === 'text' ? 'key: sk-ada-secret\n' : 'KEY=sk-ada-secret\n');
});

test.each([
  ['that says what is there', true],
  ['that does not', false],
])('a program %s and is called otherwise has the key at the end', async (_, hasCheck) => {
  const store = new Map<string, string>();
  const run: Run = (_command, [verb = '', , name = ''], { stdin = '' } = {}) => {
    if (verb === 'put') store.set(name, stdin);
    if (verb === 'rm') store.delete(name);
    const isMissing = verb === 'get' && !store.has(name);
    return Promise.resolve({
      exitCode: isMissing ? 1 : 0,
      stdout: verb === 'get' ? (store.get(name) ?? '') : '',
      stderr: '',
    });
  };
  const called = (flag: string): Delivery => ({
    to: 'command',
    path: `sh put ${flag} {user}`,
    run: ['sh', 'put', flag, '{user}'],
    ...(hasCheck ? { check: ['sh', 'get', flag, '{user}'] } : {}),
    remove: ['sh', 'rm', flag, '{user}'],
    stdin: '{key}',
    folder: '/',
  });
  const first = await put([called('-r')], [], run);
  const second = await put([called('--repo')], first.places, run);
  expect(store.get('ada')).toBe('sk-ada-secret');
  const third = await put([called('--repo')], second.places, run);
  expect(third).toMatchObject({ written: [], withdrawn: [] });
  expect(third.places).toHaveLength(1);
});

test('a place that fails to be emptied is remembered alone, and its error says how to forget it', async () => {
  const at = await folder();
  const first = await put([dotenv(join(at, 'a', '{user}.env')), dotenv(join(at, 'b', '{user}.env'))], []);
  const old = [...first.places, { sink: 'csv', path: join(at, 'a'), host: HOST }];
  const { failed, placed } = await delivererTo([dotenv(join(at, 'c', '{user}.env'))]).put([known(ADA, old)]);
  const [error] = failed.values();
  expect(error?.message).toContain(`It is still in ${join(at, 'a')}, where it belongs no more.`);
  expect(error?.hint).toContain(`vkeys keyring forget --place "${join(at, 'a')}"`);
  expect(placed.get(ADA.key_id)?.map(({ path }) => path)).toEqual([join(at, 'a'), join(at, 'c', 'ada.env')]);
});
