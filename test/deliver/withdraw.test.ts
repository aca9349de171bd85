import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deliver } from '../../src/deliver/deliver.ts';
import { withdraw } from '../../src/deliver/withdraw.ts';
import type { Delivery } from '../../src/model/model.ts';
import { Secret } from '../../src/base/secret.ts';
import { dotenv, folder, handout, TO } from './handouts.ts';

const ADA = handout('ada');
const BOB = handout('bob');
/** As the run that deletes knows it: without the secret. */
const gone = ({ placeholders, key_alias, key_id }: typeof ADA) => ({ placeholders, key_alias, key_id, secret: null });

describe('withdraw', () => {
  test('deletes the file of a key, which it knows by the hash of the secret in it', async () => {
    const at = await folder();
    const delivery = dotenv(join(at, '{user}.env'), {
      OPENAI_API_KEY: '{key}',
      OPENAI_BASE_URL: '{api_base_url}',
      END: 'ends {expires}',
    });
    await deliver([delivery], [ADA, BOB], TO);
    expect(await withdraw([delivery], [gone(ADA)], TO)).toEqual({ written: [join(at, 'ada.env')], failed: [] });
    expect(existsSync(join(at, 'ada.env'))).toBe(false);
    expect(existsSync(join(at, 'bob.env'))).toBe(true);
    expect((await withdraw([delivery], [gone(ADA)], TO)).written).toEqual([]);
  });

  test('leaves what others wrote, and values that somebody changed', async () => {
    const path = join(await folder(), '.env');
    await writeFile(path, '# mine\nOPENAI_BASE_URL=https://elsewhere\n');
    await deliver([dotenv(path, { OPENAI_API_KEY: '{key}' })], [ADA], TO);
    await withdraw([dotenv(path)], [gone(ADA)], TO);
    expect(await readFile(path, 'utf8')).toBe('# mine\nOPENAI_BASE_URL=https://elsewhere\n');
  });

  test('leaves a file in which a newer key has taken the place', async () => {
    const path = join(await folder(), 'ada.env');
    await deliver([dotenv(path)], [{ ...ADA, secret: new Secret('sk-ada-second') }], TO);
    expect((await withdraw([dotenv(path)], [gone(ADA)], TO)).written).toEqual([]);
  });

  test('takes what the keys of a file have in common with the last of them', async () => {
    const path = join(await folder(), '.env');
    const shared = dotenv(path, { '{KEY_ALIAS}_API_KEY': 'Bearer {key}', OPENAI_BASE_URL: '{api_base_url}' });
    await deliver([shared], [ADA, BOB], TO);
    await withdraw([shared], [gone(ADA)], TO);
    expect(await readFile(path, 'utf8')).toBe(
      `OPENAI_BASE_URL=${TO.api_base_url}\nLAB_BOB_API_KEY='Bearer sk-bob-secret'\n`,
    );
    await withdraw([shared], [gone(BOB)], TO);
    expect(existsSync(path)).toBe(false);
  });

  test.each(['json', 'csv'] as const)('takes rows out of %s, then the file', async (to) => {
    const delivery: Delivery = { to, path: join(await folder(), `keys.${to}`) };
    await deliver([delivery], [ADA, BOB], TO);
    await withdraw([delivery], [gone(ADA)], TO);
    const text = await readFile(delivery.path, 'utf8');
    expect(text).toContain('sk-bob-secret');
    expect(text).not.toContain('ada');
    expect((await withdraw([delivery], [gone(ADA)], TO)).written).toEqual([]);
    await withdraw([delivery], [gone(BOB)], TO);
    expect(existsSync(delivery.path)).toBe(false);
  });

  test('tells what it cannot find', async () => {
    const delivery = dotenv(join(await folder(), '{user}.env'));
    const { failed } = await withdraw([delivery], [{ ...gone(ADA), placeholders: {} }], TO);
    expect(failed[0]?.error.message).toBe('lab-ada has no {user}, which its delivery asks for.');
  });
});
