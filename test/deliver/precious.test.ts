/** A secret of somebody's own, where a key is to be put. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import { deliver, delivererTo, dotenv, folder, handout, known } from './handouts.ts';

const ADA = handout('ada');
const OWN = ['sk-proj-Abc123Abc123Abc123Abc123', 'sk-ant-api03-Abc123Abc123Abc123', 'AIzaSyAbc123Abc123Abc123Abc123'];

describe.each([
  [
    '.env',
    (path: string): Delivery => dotenv(path, { KEY: '{key}', URL: '{api_base_url}' }),
    (value: string) => `KEY=${value}\n`,
  ],
  [
    'flat JSON',
    (path: string): Delivery => ({ to: 'json', path, variables: { KEY: '{key}' } }),
    (value: string) => JSON.stringify({ KEY: value }),
  ],
])('a secret in %s', (_, deliveryAt, textOf) => {
  test.each(OWN)("of somebody's own refuses the plan, and is not written over: %s", async (own) => {
    const path = join(await folder(), 'own');
    await writeFile(path, textOf(own));
    const { refusals } = await delivererTo([deliveryAt(path)]).check([{ ...known(ADA), live: null, secret: null }]);
    expect(refusals.map(({ message }) => message)).toEqual([
      `${path}: KEY has a secret there already that vkeys did not write.`,
    ]);
    const { failed } = await deliver([deliveryAt(path)], [ADA]);
    expect(failed).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(textOf(own));
    const looked = await delivererTo([deliveryAt(path)]).look([known(ADA)]);
    expect(looked.get(ADA.key_id)).toMatchObject([{ state: 'foreign' }]);
  });

  test.each([
    ['an example', 'your-key-here'],
    ['nothing', ''],
    ['a key that LiteLLM made', 'sk-1234567890123456789012'],
    ['a key that vkeys made', `sk-${'a'.repeat(43)}`],
  ])('that is %s is written over', async (_what, value) => {
    const path = join(await folder(), 'own');
    await writeFile(path, textOf(value));
    expect((await deliver([deliveryAt(path)], [ADA])).failed).toEqual([]);
    expect(await readFile(path, 'utf8')).toContain('sk-ada-secret');
  });
});
