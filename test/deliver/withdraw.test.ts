import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import { Secret } from '../../src/base/secret.ts';
import { deliver, delivererTo, dotenv, folder, gone, handout, TO, withdraw } from './handouts.ts';

const ADA = handout('ada');
const BOB = handout('bob');

describe('withdraw', () => {
  test('deletes the file of a key, which it knows by the hash of the secret in it', async () => {
    const at = await folder();
    const delivery = dotenv(join(at, '{user}.env'), {
      OPENAI_API_KEY: '{key}',
      OPENAI_BASE_URL: '{api_base_url}',
      END: 'ends {expires}',
    });
    await deliver([delivery], [ADA, BOB]);
    expect(await withdraw([delivery], [ADA])).toEqual({ written: [join(at, 'ada.env')], failed: [] });
    expect(existsSync(join(at, 'ada.env'))).toBe(false);
    expect(existsSync(join(at, 'bob.env'))).toBe(true);
    expect((await withdraw([delivery], [ADA])).written).toEqual([]);
  });

  test('leaves what others wrote, and values that somebody changed', async () => {
    const path = join(await folder(), '.env');
    await writeFile(path, '# mine\nOPENAI_BASE_URL=https://elsewhere\n');
    await deliver([dotenv(path, { OPENAI_API_KEY: '{key}' })], [ADA]);
    await withdraw([dotenv(path)], [ADA]);
    expect(await readFile(path, 'utf8')).toBe('# mine\nOPENAI_BASE_URL=https://elsewhere\n');
  });

  test('leaves a file in which a newer key has taken the place', async () => {
    const path = join(await folder(), 'ada.env');
    await deliver([dotenv(path)], [{ ...ADA, secret: new Secret('sk-ada-second') }]);
    expect((await withdraw([dotenv(path)], [ADA])).written).toEqual([]);
  });

  test('takes what the keys of a file have in common with the last of them', async () => {
    const path = join(await folder(), '.env');
    const shared = dotenv(path, { '{KEY_ALIAS}_API_KEY': 'Bearer {key}', OPENAI_BASE_URL: '{api_base_url}' });
    await deliver([shared], [ADA, BOB]);
    await withdraw([shared], [ADA]);
    expect(await readFile(path, 'utf8')).toBe(
      `OPENAI_BASE_URL=${TO.api_base_url}\nLAB_BOB_API_KEY='Bearer sk-bob-secret'\n`,
    );
    await withdraw([shared], [BOB]);
    expect(existsSync(path)).toBe(false);
  });

  test.each(['json', 'csv'] as const)('takes rows out of %s, then the file', async (to) => {
    const delivery: Delivery = { to, path: join(await folder(), `keys.${to}`) };
    await deliver([delivery], [ADA, BOB]);
    await withdraw([delivery], [ADA]);
    const text = await readFile(delivery.path, 'utf8');
    expect(text).toContain('sk-bob-secret');
    expect(text).not.toContain('ada');
    expect((await withdraw([delivery], [ADA])).written).toEqual([]);
    await withdraw([delivery], [BOB]);
    expect(existsSync(delivery.path)).toBe(false);
  });

  test('finds a key by its hash, although nobody knows any more whose it was', async () => {
    const at = await folder();
    const deliveries = [
      dotenv(join(at, 'by-{user}', 'x-{user}.env'), { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' }),
      dotenv(join(at, '{user}.env'), { 'KEY_{user}': 'Bearer {key}' }),
    ];
    await deliver(deliveries, [ADA, BOB]);
    const { written } = await withdraw(deliveries, [{ ...ADA, placeholders: {}, user: null }]);
    expect(written).toEqual([join(at, 'by-ada', 'x-ada.env'), join(at, 'ada.env')]);
    expect(existsSync(join(at, 'by-bob', 'x-bob.env'))).toBe(true);
  });

  test('never looks outside of the folder of the path', async () => {
    const at = await folder();
    const [path, name] = [join(at, 'secrets', '{key_alias}.env'), '../outside'];
    await writeFile(join(at, 'outside.env'), 'KEY=sk-ada-secret\n');
    const { removed, written } = await delivererTo([dotenv(path)]).remove([{ ...gone(ADA, [], false), name }]);
    expect([removed.size, written]).toEqual([1, []]);
    expect(existsSync(join(at, 'outside.env'))).toBe(true);
  });
});
