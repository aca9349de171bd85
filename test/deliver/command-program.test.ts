/** Real programs, which say what they were given: the secret is in none of it but where it belongs. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/auth/run.ts';
import type { CommandDelivery, Delivery } from '../../src/model/delivery.ts';
import { folder, handout, known } from './handouts.ts';
import { delivererBy, PROGRAM } from './programs.ts';

const SECRET = 'sk-ada-0123456789-abcdefghij';
const ada = handout('ada', { secret: new (await import('../../src/base/secret.ts')).Secret(SECRET) });

/** Writes down its arguments, its input, its environment, what stands at its descriptors, and the command lines of all processes above it. */
const WITNESS = `
const { readdirSync, readFileSync, readlinkSync, writeFileSync } = require('node:fs');
const read = (path) => { try { return readFileSync(path, 'utf8'); } catch (error) { return error.code; } };
const links = () => readdirSync('/proc/self/fd').map((fd) => { try { return readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } });
const lines = [];
for (let pid = process.pid; pid > 1; pid = Number(/PPid:\\s*(\\d+)/.exec(read('/proc/' + pid + '/status'))?.[1] ?? 0))
  lines.push(read('/proc/' + pid + '/cmdline'));
const [out, where, ...more] = process.argv.slice(2);
const told = { args: process.argv.slice(1), more, env: process.env, fds: links(), lines, input: where === 'none' ? '' : read(where === '0' ? 0 : where === '3' ? 3 : where) };
writeFileSync(out, JSON.stringify(told));
`;

type Told = {
  readonly input: string;
  readonly more: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

async function witness(where: string, more: Partial<CommandDelivery> = {}, args: readonly string[] = []) {
  const at = await folder();
  const [script, out] = [join(at, 'witness.cjs'), join(at, 'told.json')];
  writeFileSync(script, WITNESS);
  const { failed } = await delivererBy(
    runProgram,
    by([PROGRAM, script, out, where, ...args], { folder: at, ...more }),
  ).put([known(ada)]);
  expect([...failed.values()].map(({ message }) => message)).toEqual([]);
  const text = readFileSync(out, 'utf8');
  // oxlint-disable-next-line no-unsafe-type-assertion -- the program wrote it
  const { input, ...rest } = JSON.parse(text) as Told;
  expect(JSON.stringify(rest)).not.toContain(SECRET.slice(0, 12));
  expect(readdirSync(at).toSorted()).toEqual(['told.json', 'witness.cjs']);
  return { input, ...rest };
}

function by(run: readonly string[], more: Partial<CommandDelivery> = {}): Delivery {
  return { to: 'command', path: 'the program for {user}', run, folder: '/', ...more };
}

async function refusal(run: readonly string[], more: Partial<CommandDelivery> = {}): Promise<string> {
  const { failed } = await delivererBy(runProgram, by(run, more)).put([known(ada)]);
  const [error] = [...failed.values()];
  const text = `${String(error?.message)} ${String(error?.hint)} ${String(error?.stack)} ${JSON.stringify(error)}`;
  for (let at = 0; at + 8 <= SECRET.length; at += 1) expect(text).not.toContain(SECRET.slice(at, at + 8));
  return String(error?.message);
}

describe.skipIf(process.platform !== 'linux')('a program', () => {
  test('has the secret on its stdin, and nowhere else', async () => {
    process.env['LITELLM_MASTER_KEY'] = 'sk-the-master-key';
    const { input, more, env } = await witness('0', {}, ['acme/{user}', '--at={set}']);
    delete process.env['LITELLM_MASTER_KEY'];
    expect([input, more]).toEqual([SECRET, ['acme/ada', '--at=lab']]);
    expect(env).toMatchObject({ VKEYS_USER: 'ada', VKEYS_KEY_ALIAS: 'lab-ada', PATH: process.env['PATH'] });
    expect(env).not.toHaveProperty('LITELLM_MASTER_KEY');
  });

  test.each([
    ['3', { fd: 3 }],
    ['/dev/fd/3', { fd: 3 }],
    ['/dev/stdin', {}],
    ['/dev/fd/0', {}],
  ] as const)('reads it at %s', async (where, more) => {
    expect((await witness(where, more)).input).toBe(SECRET);
  });

  test('may leave it unread, however long it is', async () => {
    await witness('none');
    await witness('none', { stdin: `{key}${'x'.repeat(1_000_000)}` });
  });

  test('runs in the folder of the spec', async () => {
    const at = await folder();
    const { failed } = await delivererBy(runProgram, by(['sh', '-c', 'cat > here'], { folder: at })).put([known(ada)]);
    expect([failed.size, readFileSync(join(at, 'here'), 'utf8')]).toEqual([0, SECRET]);
  });

  test('that refuses is told by its first lines, without the secret', async () => {
    expect(await refusal(['sh', '-c', 'echo "no: $(cat)" >&2; exit 3'])).toBe(
      'the program for ada: sh -c \'echo "no: $(cat)" >&2; exit 3\' failed (exit code 3): no: [secret]',
    );
    const broken = 'cat | cut -c1-15 >&2; cat | cut -c16- >&2; exit 1';
    expect(await refusal(['sh', '-c', `s=$(cat); ${broken.replaceAll('cat |', 'echo "$s" |')}`])).toMatch(
      /: sk-\[secret\] \| .*\[secret\]$/,
    );
    expect(await refusal(['sh', '-c', 'printf "\\033[31mred\\n\\n2\\n3\\n4" >&2; exit 1'])).toMatch(
      /\(exit code 1\): \\u\{1b\}\[31mred \| 2 \| 3$/,
    );
    const payload = await refusal(['sh', '-c', `printf 'payload {{"v":"%s"}}' "$(cat)" | base64 -w0 >&2; exit 1`]);
    expect(payload).toContain('[secret]');
    expect(await refusal(['sh', '-c', 'exit 1'])).toMatch(/\(exit code 1\)\.$/);
  });

  test('that does not end is killed, whoever it started', async () => {
    const started = Date.now();
    expect(await refusal(['sh', '-c', 'sleep 60; echo'], { timeout: 200 })).toContain(
      'failed: it did not end within 0.2 s.',
    );
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('that does not stop printing is killed', async () => {
    expect(await refusal(['sh', '-c', 'yes "$(cat)"'])).toContain('failed: it printed more than 64 kB.');
  });

  test('that is not there, or has lost its folder, is told', async () => {
    expect(await refusal(['vkeys-no-such-program'])).toBe(
      'the program for ada: There is no program vkeys-no-such-program on PATH.',
    );
    expect(await refusal(['sh', '-c', 'true'], { folder: '/no/such/folder' })).toContain(
      'The folder /no/such/folder is not there, in which sh was to run.',
    );
  });
});
