/** Containers: no home, somebody else's, `/`, a user whom nobody knows, a disk that is read-only. Other users need root. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/process.ts';

/** What OpenShift gives to a pod: an id that no list has, of the group 0. */
const SOMEBODY = ['setpriv', '--reuid=1000660000', '--regid=0', '--clear-groups'];
const canBeOther =
  process.getuid?.() === 0 &&
  spawnSync(SOMEBODY[0] ?? '', [...SOMEBODY.slice(1), process.execPath, PROGRAM, '-V']).status === 0;

function folder(): string {
  const at = mkdtempSync(join(tmpdir(), 'vkeys-home-'));
  chmodSync(at, 0o777);
  writeFileSync(join(at, 'h.yaml'), 'version: 1\nset: h\nkeys:\n  - key_alias: ada\n');
  return at;
}

/** A server of its own process, because what is tried blocks this one. It refuses every credential, at once. */
const REFUSING = `
const body = JSON.stringify({ error: { message: 'Authentication Error', type: 'auth_error', code: '401' } });
const server = require('node:http').createServer((_, answer) => answer.writeHead(401).end(body));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
let server: ChildProcess | null = null;
let url = '';

beforeAll(async () => {
  const child = spawn(process.execPath, ['-e', REFUSING], { stdio: ['ignore', 'pipe', 'inherit'] });
  server = child;
  const port = await new Promise((resolve) => void child.stdout.once('data', (line) => resolve(String(line).trim())));
  url = `http://127.0.0.1:${String(port)}`;
});
afterAll(() => server?.kill());

const READING = ['--help', 'validate -f h.yaml', 'plan -f h.yaml --sandbox'];

describe.skipIf(!canBeOther).each([
  ['no home', () => ({})],
  ['an empty one', () => ({ HOME: '' })],
  ['that of root', () => ({ HOME: '/root' })],
  ['/', () => ({ HOME: '/' })],
  ['one that is not there', () => ({ HOME: '/nonexistent' })],
  [
    'one with a closed folder of another user',
    (at: string) => {
      mkdirSync(join(at, 'image', '.local', 'state'), { recursive: true });
      mkdirSync(join(at, 'image', '.config'), { recursive: true });
      for (const name of ['.local', '.config']) chmodSync(join(at, 'image', name), 0o700);
      return { HOME: join(at, 'image') };
    },
  ],
])('a user whom nobody knows, and %s', (_, homeIn) => {
  function vkeys(
    argv: string,
    at: string,
  ): { readonly status: number | null; readonly stderr: string; readonly stdout: string } {
    const env = {
      PATH: process.env['PATH'],
      LITELLM_BASE_URL: url,
      LITELLM_MASTER_KEY: 'sk-x',
      ...homeIn(at),
    };
    const words = [...SOMEBODY.slice(1), process.execPath, PROGRAM, ...argv.split(' ')];
    return spawnSync(SOMEBODY[0] ?? '', words, { cwd: at, env, encoding: 'utf8' });
  }

  it.each(READING)('%s works', (argv) => {
    const { status, stderr } = vkeys(argv, folder());
    expect(status, stderr).toBe(0);
  });

  it('what needs the server gets as far as the server', () => {
    const { status, stderr } = vkeys('plan -f h.yaml', folder());
    expect({ status, stderr }).toEqual({ status: 4, stderr: expect.stringContaining('LITELLM_MASTER_KEY') as string });
  });

  it('what needs a folder says which and how, and works with it', () => {
    const at = folder();
    const { status, stderr } = vkeys('create --alias a', at);
    expect(status).toBe(3);
    expect(stderr).toMatch(/keyring[^]*--keyring PATH, or VKEYS_KEYRING/);
    expect(vkeys(`create --alias a --keyring ${join(at, 'mine')}`, at).status).toBe(4);
    expect(existsSync(join(at, 'mine'))).toBe(true);
  });
});

describe.skipIf(!canBeOther)('a disk that is read-only', () => {
  it('is no reason for what only reads, and is named by what writes', () => {
    const at = folder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', at]);
    try {
      writeFileSync(join(at, 'h.yaml'), 'version: 1\nset: h\nkeys:\n  - key_alias: ada\n');
      execFileSync('mount', ['-o', 'remount,ro', at]);
      const env = {
        PATH: process.env['PATH'],
        HOME: join(at, 'home'),
        LITELLM_BASE_URL: 'http://127.0.0.1:9',
        LITELLM_MASTER_KEY: 'sk-x',
      };
      const vkeys = (argv: string): ReturnType<typeof spawnSync> =>
        spawnSync(process.execPath, [PROGRAM, ...argv.split(' ')], { cwd: at, env, encoding: 'utf8' });
      for (const argv of READING) expect(vkeys(argv).status).toBe(0);
      expect(vkeys('create --alias a')).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(/its disk is read-only[^]*--keyring PATH/) as string,
      });
    } finally {
      execFileSync('umount', [at]);
    }
  });
});
