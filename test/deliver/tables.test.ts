import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { deliver, undelivered } from '../../src/deliver/deliver.ts';
import type { Delivery } from '../../src/model/model.ts';
import { Secret } from '../../src/base/secret.ts';
import { folder, handout, TO } from './handouts.ts';

const ADA = handout('ada');
const HEADER = 'user,user_id,key_alias,key,key_id,api_base_url,expires';

async function file(to: 'json' | 'csv', text?: string): Promise<{ path: string; delivery: Delivery }> {
  const path = join(await folder(), `keys.${to}`);
  if (text !== undefined) await writeFile(path, text);
  return { path, delivery: { to, path } };
}

describe('json', () => {
  test('has the keys sorted as people count', async () => {
    const { path, delivery } = await file('json', '');
    await deliver([delivery], [handout('u10'), handout('u2', { user: null, user_id: null, expires: null })], TO);
    const u10 = {
      key_alias: 'lab-u10',
      user: 'u10',
      user_id: 'u10@example.com',
      key: 'sk-u10-secret',
      key_id: handout('u10').key_id,
      expires: '2026-11-24T12:00:00.000Z',
    };
    const u2 = {
      key_alias: 'lab-u2',
      user: null,
      user_id: null,
      key: 'sk-u2-secret',
      key_id: handout('u2').key_id,
      expires: null,
    };
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...TO, keys: [u2, u10] });
    expect(await undelivered([delivery], [handout('u10')], TO)).toEqual([]);
  });

  test('keeps the rows of other keys and replaces its own', async () => {
    const { path, delivery } = await file('json');
    await deliver([delivery], [ADA, handout('bob')], TO);
    const secret = new Secret('sk-ada-second');
    await deliver([delivery], [{ ...ADA, secret, key_id: secret.hash() }], TO);
    const { keys } = JSON.parse(await readFile(path, 'utf8'));
    expect(keys.map(({ key }: { key: string }) => key)).toEqual(['sk-ada-second', 'sk-bob-secret']);
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'does not have api_endpoint, api_base_url and keys'],
    ['{"keys":[]}', 'does not have api_endpoint, api_base_url and keys'],
    [`{"api_endpoint":"","api_base_url":"","keys":[{}]}`, 'does not have api_endpoint, api_base_url and keys'],
  ])('does not write over %s', async (text, why) => {
    const { path, delivery } = await file('json', text);
    const { failed } = await deliver([delivery], [ADA], TO);
    expect(failed[0]?.error.message).toBe(`There is a file already that vkeys did not write: it ${why}.`);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('does not mix the keys of two servers', async () => {
    const { delivery } = await file('json');
    await deliver([delivery], [ADA], { api_endpoint: 'https://other', api_base_url: 'https://other/v1' });
    for (const one of [handout('bob'), ADA]) {
      expect((await deliver([delivery], [one], TO)).failed[0]?.error.message).toBe(
        'The file has keys of another server, https://other.',
      );
    }
  });
});

describe('csv', () => {
  test('is a table with a header', async () => {
    const { path, delivery } = await file('csv');
    await deliver([delivery], [ADA, handout('bob', { user: null, user_id: null, expires: null })], TO);
    expect(await readFile(path, 'utf8')).toBe(
      `${HEADER}\n` +
        `ada,ada@example.com,lab-ada,sk-ada-secret,${ADA.key_id},https://litellm.example.com/v1,2026-11-24T12:00:00.000Z\n` +
        `,,lab-bob,sk-bob-secret,${handout('bob').key_id},https://litellm.example.com/v1,\n`,
    );
  });

  test('gives a spreadsheet no formula, and knows its own rows again', async () => {
    const { path, delivery } = await file('csv');
    const names = ['=HYPERLINK("x")', '+49 1', '-1', '@x', '\tx', "'=x", 'a,"b"\nc'];
    const handouts = names.map((user) => handout(user));
    await deliver([delivery], handouts, TO);
    const rows: string[][] = parse(await readFile(path, 'utf8'));
    for (const [user = ''] of rows.slice(1)) expect(user).not.toMatch(/^[=+\-@\t\r]/);
    expect(await undelivered([delivery], handouts, TO)).toEqual([]);
    expect(await undelivered([delivery], handouts.slice(0, 1), TO)).toEqual([]);
  });

  test('keeps the rows of other keys, and the line breaks and mark of a spreadsheet', async () => {
    const { path, delivery } = await file('csv', `\uFEFF${HEADER}\r\neve,,lab-eve,sk-eve,id,https://x/v1,\r\n`);
    await deliver([delivery], [ADA], TO);
    const text = await readFile(path, 'utf8');
    expect(text.split('\r\n').map((row) => row.split(',')[2])).toEqual(['key_alias', 'lab-ada', 'lab-eve', undefined]);
  });

  test.each([
    ['a,b\n1,2\n', `does not begin with ${HEADER}`],
    ['a,"b', 'is not CSV'],
    [`${HEADER}\nx\n`, 'is not CSV'],
  ])('does not write over %j', async (text, why) => {
    const { path, delivery } = await file('csv', text);
    const { failed } = await deliver([delivery], [ADA], TO);
    expect(failed[0]?.error.message).toBe(`There is a file already that vkeys did not write: it ${why}.`);
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
