import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findCredential } from '../../src/auth/find.ts';
import { readSecretFile } from '../../src/auth/read.ts';
import { runProgram } from '../../src/auth/run.ts';
import { Secret } from '../../src/base/secret.ts';

const isWindows = process.platform === 'win32';
const node = (code: string, patience?: number) =>
  runProgram(process.execPath, ['-e', code], patience === undefined ? {} : { patience });

describe('runProgram', () => {
  it('brings output, errors and exit code', async () => {
    const code = 'console.log("key"); console.error("words"); process.exitCode = 3';
    expect(await node(code)).toEqual({ exitCode: 3, stdout: 'key\n', stderr: 'words\n' });
  });

  it('gives input and variables, and none to read or miss', async () => {
    const code = 'process.stdin.pipe(process.stdout); console.log(process.env.ADDED, typeof process.env.PATH)';
    const input = { stdin: 'sk-secret', env: { ADDED: 'yes' } };
    expect(await runProgram(process.execPath, ['-e', code], input)).toMatchObject({ stdout: 'yes string\nsk-secret' });
    const deaf = await runProgram(process.execPath, ['-e', '0'], { stdin: 'x'.repeat(1_000_000) });
    expect(deaf).toMatchObject({ exitCode: 0 });
  });

  it('gives no input', async () => {
    expect((await node('process.stdin.on("end", () => console.log("end")).resume()')).stdout).toBe('end\n');
  });

  it('gives a folder, a descriptor of its own, and takes variables away', async () => {
    process.env['TAKEN'] = 'away';
    const code = 'console.log(process.cwd(), process.env.TAKEN, require("node:fs").readFileSync(3, "utf8"))';
    const input = { fd3: 'sk-secret', folder: '/', env: { TAKEN: undefined } };
    const { stdout } = await runProgram(process.execPath, ['-e', code], input);
    delete process.env['TAKEN'];
    expect(stdout).toMatch(/^\S+ undefined sk-secret\n$/);
  });

  it.skipIf(process.platform !== 'linux')('gives what can be opened by name, and from its beginning', async () => {
    const long = 'x'.repeat(60_000);
    expect((await runProgram('cat', ['/dev/stdin'], { stdin: long })).stdout).toBe(long);
    expect((await runProgram('cat', ['/dev/fd/3', '/dev/fd/3'], { fd3: 'key' })).stdout).toBe('keykey');
  });

  it.skipIf(isWindows)('does not wait for what a program leaves behind', async () => {
    const started = Date.now();
    expect(await runProgram('sh', ['-c', 'sleep 30 & echo done'])).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    expect(await runProgram('sh', ['-c', 'sleep 30; echo'], { patience: 100 })).toMatchObject({ stderr: /not end/ });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('says when a program does not start, does not end, or does not stop printing', async () => {
    expect(await runProgram('vkeys-no-such-program', [])).toEqual({ exitCode: null, stdout: '', stderr: '' });
    expect(await node('setInterval(() => 0, 1000)', 100)).toMatchObject({ exitCode: null, stderr: /not end/ });
    const endless = await node('const more = () => process.stdout.write("x".repeat(4096), more); more()');
    expect(endless).toEqual({ exitCode: null, stdout: '', stderr: 'it printed more than 64 kB' });
  });

  it.skipIf(isWindows)('says when a program was killed', async () => {
    expect((await node('process.kill(process.pid, "SIGKILL")')).stderr).toBe('it was killed');
  });
});

describe.skipIf(isWindows)('an oc on PATH', () => {
  async function withOc(script: string) {
    const folder = mkdtempSync(join(tmpdir(), 'vkeys-oc-'));
    writeFileSync(join(folder, 'oc'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'oc'), 0o755);
    const before = process.env['PATH'];
    process.env['PATH'] = `${folder}${delimiter}${before ?? ''}`;
    onTestFinished(() => {
      process.env['PATH'] = before;
    });
    return findCredential(
      { auth: 'openshift', profile: null },
      {
        env: { VKEYS_SERVICEACCOUNT_TOKEN_FILE: join(folder, 'none') },
        readFile: readSecretFile,
        readStdin: async () => '',
        run: runProgram,
        now: () => new Date(0),
      },
    );
  }

  it('gives the token of whoever is logged in', async () => {
    const { credential } = await withOc('test "$*" = "whoami -t" && echo sha256~of-the-user');
    expect(credential).toEqual({
      kind: 'openshift',
      source: 'oc whoami -t',
      secret: new Secret('sha256~of-the-user'),
    });
  });

  it('is told when nobody is logged in', async () => {
    await expect(withOc('echo "error: no token is currently in use" >&2; exit 1')).rejects.toThrow(
      'oc whoami -t: not logged in',
    );
  });
});
