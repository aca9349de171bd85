import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { deliver, delivererTo, dotenv, folder, gone, handout, HOST, known } from './handouts.ts';

const ADA = handout('ada');
const BOB = handout('bob');

/** Every kind of file, below this folder. */
const everywhere = (at: string): readonly Delivery[] => [
  dotenv(join(at, '{user}.env')),
  { to: 'json', path: join(at, 'keys.json') },
  { to: 'csv', path: join(at, 'keys.csv') },
];
const NOTHING = { put: [], remove: [], unknown: [], unheld: [] };

describe('without its secret in the keyring', () => {
  test('a hand-out that is damaged is not promised to be written: its key is told as unknown', async () => {
    const at = await folder();
    for (const name of ['keys.json', 'keys.csv']) await writeFile(join(at, name), '{');
    const deliveries = everywhere(at).slice(1);
    const ada = { ...known(ADA), secret: null };
    expect(await delivererTo(deliveries).stale([ada], [])).toEqual({ ...NOTHING, unknown: [ADA.key_id] });
    const { put, unknown } = await delivererTo(deliveries).stale([ada, known(BOB)], []);
    expect([put.toSorted(), unknown]).toEqual([['keys.csv', 'keys.json'].map((name) => join(at, name)), [ADA.key_id]]);
  });

  test('a hand-out that holds it is current, known by its hash', async () => {
    const at = await folder();
    await deliver(everywhere(at), [ADA, BOB]);
    const standing = [{ ...known(ADA), secret: null }, known(BOB)];
    expect(await delivererTo(everywhere(at)).stale(standing, [])).toEqual(NOTHING);
  });

  test('a key is named that some place lacks, or whose place has the secret of another', async () => {
    const at = await folder();
    await deliver(everywhere(at), [ADA, BOB]);
    await rm(join(at, 'ada.env'));
    const rotated = handout('bob', { secret: new Secret('sk-bob-rotated') });
    const standing = [ADA, rotated].map((each) => ({ ...known(each), secret: null }));
    expect(await delivererTo(everywhere(at)).stale(standing, [])).toEqual({
      ...NOTHING,
      unknown: [ADA.key_id, rotated.key_id],
      unheld: [rotated.key_id],
    });
    expect(await delivererTo(everywhere(at)).stale(standing, [gone(BOB)])).toEqual({
      put: [],
      remove: ['bob.env', 'keys.json', 'keys.csv'].map((name) => join(at, name)),
      unknown: [ADA.key_id, rotated.key_id],
      unheld: [rotated.key_id],
    });
    expect((await delivererTo(everywhere(at)).remove([gone(BOB)])).written).toHaveLength(3);
    expect(existsSync(join(at, 'bob.env'))).toBe(false);
  });
});

describe('a path that the spec has changed', () => {
  test('is told, and taken away once the new one is there', async () => {
    const at = await folder();
    const { placed } = await delivererTo(everywhere(at)).put([known(ADA)]);
    const spec = everywhere(join(at, 'new'));
    const moved = known(ADA, placed.get(ADA.key_id));
    const old = ['ada.env', 'keys.json', 'keys.csv'].map((name) => join(at, name));
    expect(await delivererTo(spec).stale([moved], [])).toEqual({
      put: ['ada.env', 'keys.json', 'keys.csv'].map((name) => join(at, 'new', name)),
      remove: old,
      unknown: [],
      unheld: [],
    });
    const planned = await delivererTo(spec).places([moved]);
    const again = await delivererTo(spec).put([moved]);
    expect(again.placed).toEqual(planned);
    expect(old.filter((path) => existsSync(path))).toEqual([]);
  });

  test('stays while the new one cannot be written, and is still remembered', async () => {
    const at = await folder();
    const { placed } = await delivererTo([dotenv(join(at, '{user}.env'))]).put([known(ADA)]);
    await mkdir(join(at, 'ada.txt'));
    const places = placed.get(ADA.key_id) ?? [];
    const put = await delivererTo([dotenv(join(at, '{user}.txt'))]).put([known(ADA, places)]);
    expect([...put.failed.keys()]).toEqual([ADA.key_id]);
    expect(put.placed.get(ADA.key_id)).toEqual(expect.arrayContaining([...places]));
    expect(existsSync(join(at, 'ada.env'))).toBe(true);
  });

  test('stays where no spec says anything', async () => {
    const at = await folder();
    const { placed } = await delivererTo(everywhere(at)).put([known(ADA)]);
    const ada = known(ADA, placed.get(ADA.key_id));
    expect(await delivererTo(null).put([ada])).toEqual({
      placed,
      others: new Map(),
      failed: new Map(),
      written: [],
      withdrawn: [],
      stays: [],
    });
    expect(await delivererTo(null).stale([ada], [])).toEqual(NOTHING);
    expect((await delivererTo(null).remove([gone(ADA, ada.places, false)])).written).toHaveLength(3);
  });
});

test('a variable that the spec calls otherwise now is renamed, and what somebody else wrote stays', async () => {
  const path = join(await folder(), '.env');
  const named = (name: string): Delivery =>
    dotenv(path, { [`${name}_{KEY_ALIAS}`]: '{key}', [`${name}_URL`]: '{api_base_url}' });
  const first = await delivererTo([named('OLD')]).put([known(ADA), known(BOB)]);
  await writeFile(path, `MINE=1\n${await readFile(path, 'utf8')}OLD_MINE=2\n`);
  await delivererTo([named('NEW')]).put([ADA, BOB].map((each) => known(each, first.placed.get(each.key_id))));
  expect((await readFile(path, 'utf8')).split('\n').map((line) => line.split('=')[0])).toEqual([
    'MINE',
    'OLD_MINE',
    'NEW_LAB_ADA',
    'NEW_URL',
    'NEW_LAB_BOB',
    '',
  ]);
});

test('what remains of a place is remembered, so that only this version of it is taken for done', async () => {
  const path = join(await folder(), '.env');
  const { placed } = await delivererTo([dotenv(path, { A_KEY: 'Bearer {key}', END: '{{{expires}}}' })]).put([
    known(ADA),
  ]);
  expect(placed.get(ADA.key_id)).toEqual([
    {
      sink: 'dotenv',
      path,
      host: HOST,
      detail: { variables: { A_KEY: 'Bearer {key}', END: '{{2026-11-24T12:00:00.000Z}}' }, shared: ['A_KEY', 'END'] },
    },
  ]);
});

describe('the check', () => {
  const wanted = { desired: known(ADA).desired, live: null, secret: null };

  test('refuses what cannot take a new key, and changes nothing', async () => {
    const at = await folder();
    await writeFile(join(at, 'keys.csv'), 'name,mail\n');
    await writeFile(join(at, 'keys.json'), '{');
    await mkdir(join(at, 'ada.env'));
    const { refusals } = await delivererTo(everywhere(at)).check([wanted]);
    expect(refusals.map(({ code, ref }) => [code, ref?.name])).toEqual(
      everywhere(at).map(() => ['delivery', 'lab-ada']),
    );
    expect(refusals.map(({ message }) => message).toSorted()).toEqual([
      `${join(at, 'ada.env')} is a folder.`,
      `${join(at, 'keys.csv')}: There is a file already that vkeys did not write: it has no columns key_alias and key in its first line.`,
      `${join(at, 'keys.json')}:1:2: The file is not valid JSON: it was cut here, or changed by hand.`,
    ]);
  });

  test('lets pass what is well, and keys that are not handed out', async () => {
    const at = await folder();
    expect((await delivererTo(everywhere(at)).check([wanted])).refusals).toEqual([]);
    expect(existsSync(join(at, 'keys.csv'))).toBe(false);
    await mkdir(join(at, 'ada.env'));
    expect((await delivererTo(everywhere(at)).check([{ ...wanted, live: known(ADA).live }])).refusals).toEqual([]);
  });
});
