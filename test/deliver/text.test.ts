import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import { Secret } from '../../src/base/secret.ts';
import { deliver, delivererTo, folder, handout, known, undelivered, withdraw } from './handouts.ts';

const ADA = handout('ada');
const TEMPLATE = 'Dear {user},\n{{your}} key is {key}, until {expires}.\n';
const MAIL = 'Dear ada,\n{your} key is sk-ada-secret, until 2026-11-24T12:00:00.000Z.\n';

async function mails(): Promise<{ delivery: Delivery; path: string }> {
  const at = await folder();
  return { delivery: { to: 'text', path: join(at, '{user}.txt'), template: TEMPLATE }, path: join(at, 'ada.txt') };
}

describe('a text made from a template', () => {
  test('is a file for each key, that only its owner may read, and goes with the key', async () => {
    const { delivery, path } = await mails();
    await deliver([delivery], [ADA]);
    expect(await readFile(path, 'utf8')).toBe(MAIL);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await undelivered([delivery], [ADA])).toEqual([]);
    await withdraw([delivery], [ADA]);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  test('is written anew for a new secret, or a new template, as it is known to be ours', async () => {
    const { delivery, path } = await mails();
    await deliver([delivery], [ADA]);
    const secret = new Secret('sk-ada-second');
    const next = { ...ADA, secret, key_id: secret.hash() };
    await deliver([delivery], [next]);
    expect(await readFile(path, 'utf8')).toBe(MAIL.replace('sk-ada-secret', 'sk-ada-second'));
    await deliver([{ ...delivery, to: 'text', template: 'KEY={key}\n' }], [next]);
    expect(await readFile(path, 'utf8')).toBe('KEY=sk-ada-second\n');
  });

  test("is not written over somebody's own file, which is told as theirs", async () => {
    const { delivery, path } = await mails();
    await writeFile(path, 'My diary\n');
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toMatch(/vkeys did not write: it was not made from this template/);
    expect(await readFile(path, 'utf8')).toBe('My diary\n');
    const looked = await delivererTo([delivery]).look([known(ADA)]);
    expect(looked.get(ADA.key_id)).toMatchObject([{ sink: 'text', path, state: 'foreign' }]);
    await withdraw([delivery], [ADA]);
    expect(await readFile(path, 'utf8')).toBe('My diary\n');
  });

  test('is of one key', async () => {
    const at = await folder();
    const delivery: Delivery = { to: 'text', path: join(at, 'all.txt'), template: TEMPLATE };
    const { failed } = await deliver([delivery], [ADA, handout('bob')]);
    expect(failed.map(({ error }) => error.message)).toEqual(
      Array.from({ length: 2 }, () => `${join(at, 'all.txt')}: lab-ada and lab-bob would both be this file.`),
    );
  });
});

describe('what places hold', () => {
  test('is told for each place of each key', async () => {
    const at = await folder();
    const deliveries: readonly Delivery[] = [
      { to: 'csv', path: join(at, 'all.csv') },
      { to: 'dotenv', path: join(at, '{user}.env'), variables: { KEY: '{key}', URL: '{api_base_url}' } },
      { to: 'text', path: join(at, 'x', '{user}.txt'), template: TEMPLATE },
    ];
    const [ada, bob] = [known(ADA), known(handout('bob'))];
    const states = async () => {
      const looked = await delivererTo(deliveries).look([ada, bob]);
      return [...looked.values()].map((held) => held.map(({ state }) => state).join(' '));
    };
    expect(await states()).toEqual(['missing missing missing', 'missing missing missing']);
    await delivererTo(deliveries).put([ada, bob]);
    expect(await states()).toEqual(['current current current', 'current current current']);
    const csv = await readFile(join(at, 'all.csv'), 'utf8');
    await writeFile(join(at, 'all.csv'), csv.replace(/^ada,.*\n/m, ''));
    await writeFile(join(at, 'bob.env'), 'KEY=sk-bob-secret\n');
    await writeFile(join(at, 'x', 'ada.txt'), 'nothing of ours');
    await mkdir(join(at, 'y'));
    expect(await states()).toEqual(['missing current foreign', 'current stale current']);
    const looked = await delivererTo([{ to: 'json', path: join(at, 'y') }]).look([ada]);
    expect(looked.get(ADA.key_id)).toMatchObject([{ state: 'unknown', why: `${join(at, 'y')} is a folder.` }]);
  });
});
