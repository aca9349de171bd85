/** A disk that keeps no modes, as shares, vfat and virtual machines have them, and what is mounted from it. Needs root and bindfs. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeHome, type Home, type Seen } from '../support/run.ts';

/** A program that shows a folder as another disk. */
const LENDER = 'bindfs';
const at = mkdtempSync(join(tmpdir(), 'vkeys-modeless-'));
for (const name of ['source', 'disk', 'secret', 'home']) mkdirSync(join(at, name));
const disk = join(at, 'disk');
const isLent =
  process.getuid?.() === 0 &&
  spawnSync(LENDER, ['--chmod-ignore', '-p', 'a=rwX', join(at, 'source'), disk]).status === 0;
afterAll(() => void (isLent && spawnSync('umount', [disk])));

let homes = 0;

/** A folder on the disk, with a keyring elsewhere. */
function homeOnDisk(): Home & { readonly on: (line: string) => Promise<Seen> } {
  homes += 1;
  const folder = join(disk, String(homes));
  mkdirSync(folder);
  const home = makeHome({ folder });
  const folders = { state: join(at, 'home', String(homes)), config: join(folder, 'config'), home: null };
  return { ...home, on: (line) => home.vkeys(line, { folders }) };
}

describe.skipIf(!isLent)('on a disk without modes', () => {
  it.each(['dotenv: "out/{key_alias}.env"', 'csv: out/keys.csv', 'json: out/keys.json'])(
    'a hand-out is told as readable by all before it is written, and converges: %s',
    async (delivery) => {
      const { folder, on } = homeOnDisk();
      writeFileSync(
        join(folder, 's.yaml'),
        `set: h\nkeys: [{ key_alias: ada }, { key_alias: bob }]\ndeliver: [{ ${delivery} }]\n`,
      );
      const plan = await on('plan -f s.yaml');
      expect(plan.stdout).toMatch(
        /Everybody on this machine can read \S*out\/\S+( and 1 more)?: its disk keeps no modes/,
      );
      expect(readdirSync(folder)).toEqual(['s.yaml']);
      const first = await on('apply -f s.yaml');
      expect(first.code).toBe(0);
      expect(first.stdout).toContain('its disk keeps no modes');
      expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.'))).toEqual([]);
      const again = await on('apply -f s.yaml');
      expect(again).toMatchObject({ code: 0, stdout: 'Nothing to do: 2 keys are as wanted.\n' });
      expect(first.stdout + plan.stdout).not.toContain('chmod');
    },
  );

  it('a profile is told as readable by all before it is saved, and can be used', async () => {
    const { folder, on, vkeys } = homeOnDisk();
    const saved = await on('auth login');
    expect(saved.code, saved.stderr).toBe(0);
    expect(saved.stderr).toMatch(
      /warning: everybody on this machine will be able to read the key in [^\n]*profiles.json/,
    );
    const folders = { state: join(at, 'home', 'other'), config: join(folder, 'config'), home: null };
    const used = await vkeys('list', { folders, env: {} });
    expect(used.code, used.stderr).toBe(0);
    expect(used.stderr).toContain('Other users of this machine can read the profile default');
    expect(used.stderr).not.toContain('chmod');
    const stored = readFileSync(join(folder, 'config', 'profiles.json'), 'utf8');
    writeFileSync(join(folder, 'key'), 'sk-sandbox-master');
    const kept = await on('auth login --profile other --master-key-file key');
    expect(kept.stderr).not.toContain('will be able to read');
    expect(stored).toContain('sk-sandbox-master');
  });

  it('a keyring is refused before a key is made, with advice that can be followed', async () => {
    const { vkeys } = homeOnDisk();
    const refused = await vkeys('create ci');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('because its disk keeps no modes');
    expect(refused.stderr).toContain('--keyring PATH');
    expect(refused.stderr).not.toContain('chmod');
    expect(refused.requests.filter((each) => each.startsWith('POST'))).toEqual([]);
    expect((await vkeys(['create', 'ci', '--keyring', join(at, 'home', 'kept')])).code).toBe(0);
  });

  it('a file with the master key is used, with a word about that', async () => {
    const { folder, on } = homeOnDisk();
    writeFileSync(join(folder, 'key'), 'sk-sandbox-master\n');
    const { code, stderr } = await on('list --master-key-file key');
    expect(code).toBe(0);
    expect(stderr).toContain('Its disk keeps no modes');
    expect(stderr).not.toContain('chmod');
  });
});

describe.skipIf(process.getuid?.() !== 0)('a secret that is mounted', () => {
  it('is used, and who gives its mode is named', async () => {
    const mounted = join(at, 'secret');
    expect(spawnSync('mount', ['-t', 'tmpfs', 'none', mounted]).status).toBe(0);
    try {
      writeFileSync(join(mounted, 'key'), 'sk-sandbox-master\n');
      chmodSync(join(mounted, 'key'), 0o644);
      spawnSync('mount', ['-o', 'remount,ro', mounted]);
      const { code, stderr } = await makeHome().vkeys(['list', '--master-key-file', join(mounted, 'key')]);
      expect(code).toBe(0);
      expect(stderr).toContain('defaultMode: 0400');
      expect(stderr).not.toContain('chmod');
      expect(statSync(join(mounted, 'key')).mode & 0o777).toBe(0o644);
    } finally {
      spawnSync('umount', [mounted]);
    }
  });
});
