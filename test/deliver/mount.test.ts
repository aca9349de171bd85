/** Files that cannot be replaced: mounted by themselves, or in a folder that takes no new file. Mounting needs root on Linux. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deliver, dotenv, folder, gone, handout, known, delivererTo, undelivered, withdraw } from './handouts.ts';

const mount = (...argv: readonly string[]): unknown => execFileSync('mount', argv, { stdio: 'pipe' });

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'vkeys-mount-'));
  try {
    mount('--bind', at, at);
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(at);
  }
}

/** A file with this text at a path, mounted there by itself. */
function bind(path: string, text: string): void {
  writeFileSync(`${path}.outside`, text, { mode: 0o600 });
  writeFileSync(path, '', { mode: 0o600 });
  mount('--bind', `${path}.outside`, path);
  onTestFinished(() => void execFileSync('umount', [path]));
}

const ADA = handout('ada');
const BOB = handout('bob');

describe.skipIf(!canMount())('a file that is a mount of its own', () => {
  test.each(['.env', 'keys.json', 'keys.csv'])(
    '%s is written in place, and emptied when nothing is left',
    async (name) => {
      const path = join(await folder(), name);
      bind(path, name === '.env' ? '# mine\nFOO=1\n' : '');
      const spec =
        name === '.env'
          ? dotenv(path, { '{KEY_ALIAS}_KEY': '{key}' })
          : ({ to: name === 'keys.json' ? 'json' : 'csv', path } as const);
      expect(await deliver([spec], [ADA, BOB])).toEqual({ written: [path], failed: [] });
      expect(readFileSync(path, 'utf8')).toContain('sk-ada-secret');
      expect(readFileSync(`${path}.outside`, 'utf8')).toBe(readFileSync(path, 'utf8'));
      expect(await undelivered([spec], [ADA, BOB])).toEqual([]);
      expect((await withdraw([spec], [ADA])).failed).toEqual([]);
      expect(readFileSync(path, 'utf8')).not.toContain('sk-ada-secret');
      expect((await withdraw([spec], [BOB])).failed).toEqual([]);
      expect(readFileSync(path, 'utf8')).toBe(name === '.env' ? '# mine\nFOO=1\n' : '');
      expect(readdirSync(join(path, '..')).toSorted()).toEqual([name, `${name}.outside`].toSorted());
    },
  );

  test('is written in place in a folder that is read-only, too', async () => {
    const at = await folder();
    const [disk, path] = [join(at, 'disk'), join(at, 'disk', '.env')];
    mkdirSync(disk);
    writeFileSync(path, '');
    writeFileSync(join(at, 'outside'), 'FOO=1\n', { mode: 0o600 });
    mount('--bind', disk, disk);
    onTestFinished(() => void execFileSync('umount', [disk]));
    mount('-o', 'remount,bind,ro', disk);
    mount('--bind', join(at, 'outside'), path);
    onTestFinished(() => void execFileSync('umount', [path]));
    expect(await deliver([dotenv(path)], [ADA])).toEqual({ written: [path], failed: [] });
    expect(readFileSync(join(at, 'outside'), 'utf8')).toContain('sk-ada-secret');
    const other = dotenv(join(disk, 'other.env'));
    const { failed } = await deliver([other], [ADA]);
    expect(failed[0]?.error.message).toBe(`${other.path} is on a disk that is read-only.`);
    const { refusals } = await delivererTo([other]).check([{ desired: known(ADA).desired, live: null, secret: null }]);
    expect(refusals.map(({ message }) => message)).toEqual([`${other.path} is on a disk that is read-only.`]);
  });
});

/** Root may write everywhere, so somebody else does. */
const NOBODY = 65_534;

test.skipIf(process.getuid?.() !== 0)('a file in a folder without the right to write is written in place', async () => {
  const at = await folder();
  const path = join(at, '.env');
  writeFileSync(path, '# a long text, of which nothing may be left behind the new one\nOPENAI_API_KEY=sk-old\n');
  execFileSync('chown', [String(NOBODY), path]);
  chmodSync(path, 0o600);
  chmodSync(at, 0o755);
  process.seteuid?.(NOBODY);
  try {
    expect(await deliver([dotenv(path, { OPENAI_API_KEY: '{key}' })], [ADA])).toEqual({ written: [path], failed: [] });
    await delivererTo([]).remove([gone(BOB, [{ sink: 'dotenv', path }])]);
  } finally {
    process.seteuid?.(0);
  }
  expect(readFileSync(path, 'utf8')).toBe(
    '# a long text, of which nothing may be left behind the new one\nOPENAI_API_KEY=sk-ada-secret\n',
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
