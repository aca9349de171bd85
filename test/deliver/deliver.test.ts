import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import { deliver, dotenv, folder, handout, HOST, known, sinkPorts, TO, undelivered } from './handouts.ts';

const posix = test.skipIf(process.platform === 'win32');
const ADA = handout('ada');
const BOB = handout('bob');

describe('deliver', () => {
  test('writes a file for each key, and then nothing more', async () => {
    const path = join(await folder(), 'secrets', '{key_alias}.env');
    const files = [path.replace('{key_alias}', 'lab-ada'), path.replace('{key_alias}', 'lab-bob')] as const;
    expect(await undelivered([dotenv(path)], [ADA, BOB])).toEqual(files);
    expect(await deliver([dotenv(path)], [ADA, BOB])).toEqual({ written: files, failed: [] });
    expect(await readFile(files[0], 'utf8')).toBe(
      'OPENAI_API_KEY=sk-ada-secret\nOPENAI_BASE_URL=https://litellm.example.com/v1\n',
    );
    expect(await undelivered([dotenv(path)], [ADA, BOB])).toEqual([]);
    expect(await deliver([dotenv(path)], [ADA, BOB])).toEqual({ written: [], failed: [] });
  });

  test('tells how many of how many places are done', async () => {
    const path = join(await folder(), '{key_alias}.env');
    const told: string[] = [];
    const users = Array.from({ length: 20 }, (_, at) => handout(`u${String(at)}`));
    const to = [{ delivery: dotenv(path), to: TO }];
    const deliverer = makeDeliverer('lab', to, { host: HOST, files: [] }, sinkPorts(), (done, total) =>
      told.push(`${String(done)}/${String(total)}`),
    );
    await deliverer.put(users.map((each) => known(each)));
    expect(told).toEqual(users.map((_, at) => `${String(at + 1)}/20`));
  });

  test('leaves a file alone that is too big to be one of variables', async () => {
    const path = join(await folder(), '.env');
    await writeFile(path, '#'.repeat(16 * 1024 * 1024 + 1));
    const { failed } = await deliver([dotenv(path)], [ADA]);
    expect(failed[0]?.error.message).toBe(`${path} is bigger than 16 MB.`);
  });

  test('fills every placeholder', async () => {
    const path = join(await folder(), '.env');
    const value = '{key} {key_id} {api_endpoint} {expires} {user} {set} {{x}}';
    await deliver([dotenv(path, { '{KEY_ALIAS}_ALL': value })], [ADA]);
    expect(await readFile(path, 'utf8')).toBe(
      `LAB_ADA_ALL='sk-ada-secret ${ADA.key_id} ${TO.api_endpoint} 2026-11-24T12:00:00.000Z ada lab {x}'\n`,
    );
  });

  test('writes a file that several keys share once, and tells them apart', async () => {
    const path = join(await folder(), '.env');
    const shared = dotenv(path, { '{KEY_ALIAS}_API_KEY': '{key}', OPENAI_BASE_URL: '{api_base_url}' });
    expect((await deliver([shared], [ADA, BOB])).written).toEqual([path]);
    expect(await readFile(path, 'utf8')).toBe(
      `LAB_ADA_API_KEY=sk-ada-secret\nOPENAI_BASE_URL=${TO.api_base_url}\nLAB_BOB_API_KEY=sk-bob-secret\n`,
    );
  });

  test('refuses two keys for one variable of one file, and writes nothing', async () => {
    const path = join(await folder(), '.env');
    const { written, failed } = await deliver([dotenv(path)], [ADA, BOB]);
    expect(written).toEqual([]);
    expect(failed.map(({ key_alias }) => key_alias)).toEqual(['lab-ada', 'lab-bob']);
    expect(failed[0]?.error.message).toBe(`${path}: lab-ada and lab-bob both want to be OPENAI_API_KEY in one place.`);
  });

  test('refuses two kinds of file at one path, and names that many disks take for one', async () => {
    const at = await folder();
    const both = await deliver([dotenv(join(at, 'x')), { to: 'json', path: join(at, 'x') }], [ADA]);
    expect(both.failed[0]?.error.message).toMatch(/is to be both dotenv and json/);
    const { written, failed } = await deliver([dotenv(join(at, '{user}.env'))], [ADA, handout('Ada')]);
    expect(written).toEqual([join(at, 'ada.env')]);
    expect(failed[0]?.error.message).toMatch(/^lab-Ada was not delivered: .* are one file on many disks/);
  });

  test('one file that fails does not stop the others', async () => {
    const at = await folder();
    await mkdir(join(at, 'ada.env'));
    const { written, failed } = await deliver([dotenv(join(at, '{user}.env'))], [ADA, BOB, handout('../x')]);
    expect(written).toEqual([join(at, 'bob.env')]);
    expect(failed.map(({ key_alias, error }) => [key_alias, error.kind])).toEqual([
      ['lab-ada', 'delivery'],
      ['lab-../x', 'delivery'],
    ]);
    expect(failed[0]?.error.message).toBe(`${join(at, 'ada.env')} is a folder.`);
    expect((await readdir(at)).toSorted()).toEqual(['ada.env', 'bob.env']);
  });

  test('refuses a name that is none for a variable', async () => {
    const path = join(await folder(), '.env');
    const { failed } = await deliver([dotenv(path, { 'A B={user}': '{key}' })], [ADA]);
    expect(failed[0]?.error.message).toBe('A B=ada is no name for a variable.');
  });

  test('refuses a file that is not UTF-8: it would come back damaged', async () => {
    const path = join(await folder(), '.env');
    await writeFile(path, Buffer.from([0x41, 0x3d, 0xe9, 0x0a]));
    const { failed } = await deliver([dotenv(path)], [ADA]);
    expect(failed[0]?.error.message).toBe(`${path} is not UTF-8 text.`);
  });

  posix('makes files of mode 0600 in folders of mode 0700, and tightens those that are wider', async () => {
    const at = join(await folder(), 'new');
    const path = join(at, '.env');
    await deliver([dotenv(path)], [ADA]);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    expect(((await stat(at)).mode & 0o777).toString(8)).toBe('700');
    await chmod(path, 0o644);
    expect(await undelivered([dotenv(path)], [ADA])).toEqual([path]);
    expect((await deliver([dotenv(path)], [ADA])).written).toEqual([path]);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  });

  posix('writes through a link, and refuses one that leads nowhere or round in circles', async () => {
    const at = await folder();
    await writeFile(join(at, 'real'), 'MINE=1\n');
    await symlink('real', join(at, 'ada.env'));
    await symlink('nowhere', join(at, 'bob.env'));
    await symlink('eve.env', join(at, 'eve.env'));
    const { written, failed } = await deliver([dotenv(join(at, '{user}.env'))], [ADA, BOB, handout('eve')]);
    expect(written).toEqual([join(at, 'ada.env')]);
    expect((await lstat(join(at, 'ada.env'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(at, 'real'), 'utf8')).toMatch(/^MINE=1\nOPENAI_API_KEY=sk-ada-secret\n/);
    expect(failed.map(({ error }) => error.message)).toEqual([
      `${join(at, 'bob.env')} is a link that leads nowhere.`,
      `${join(at, 'eve.env')} is a link that leads back to itself.`,
    ]);
  });

  posix('refuses a device', async () => {
    const { failed } = await deliver([dotenv('/dev/null')], [ADA]);
    expect(failed[0]?.error.message).toBe('/dev/null is no ordinary file.');
  });

  test('puts no secret into an error', async () => {
    const path = join(await folder(), '.env');
    const secret = new Secret(`sk-it's-$5`);
    const { failed } = await deliver([dotenv(path)], [handout('ada', { secret })]);
    expect(failed).toHaveLength(1);
    expect(JSON.stringify(failed) + String(failed[0]?.error.message)).not.toContain('$5');
  });
});
