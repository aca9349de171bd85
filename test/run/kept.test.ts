/** A plan is refused where its apply would be: with the same words, for the same command line, and before anything is changed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY, type Home, type Seen } from '../support/run.ts';

const ENV = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY };

function homeWith(spec: object, wrap?: (fetch: Fetch) => Fetch): Home {
  const home = makeHome(wrap === undefined ? {} : { wrap });
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', ...spec }));
  return home;
}

const A = { keys: [{ key_alias: 'a' }] };
const DELIVERED = { ...A, deliver: [{ dotenv: 'out/{key_alias}.env' }] };
const LOST = 'With --keyring none nobody would ever know the new keys.';

/** `plan`, `apply --dry-run` and `apply` of one command line. */
async function all(home: Home, flags: string, env: Readonly<Record<string, string>> = {}): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const command of ['plan', 'apply --dry-run', 'apply'])
    seen.push(await home.vkeys(`${command} -f ws.json ${flags}`, { env: { ...ENV, ...env } }));
  return seen;
}

/** What both streams say, on one line. */
function said({ stdout, stderr }: Seen): string {
  return `${stdout} ${stderr}`.replaceAll(/\s+/g, ' ');
}

function codes(seen: readonly Seen[]): readonly number[] {
  return seen.map(({ code }) => code);
}

function changesOf(seen: readonly Seen[]): readonly string[] {
  return seen.flatMap(({ requests }) => requests).filter((request) => /key\/(generate|update|delete)/.test(request));
}

describe('--keyring none', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['--keyring none', {}],
    ['', { VKEYS_KEYRING: 'none' }],
    ['--keyring none -o json --no-secrets', {}],
    ['--keyring none -o yaml --no-secrets', {}],
    ['--keyring none -o json --no-secrets --show-keys', {}],
  ])('refuses new keys that nobody would know: %s %j', async (flags, env) => {
    const home = homeWith(A);
    const seen = await all(home, flags, env);
    expect(codes(seen)).toEqual([6, 6, 6]);
    for (const each of seen) expect(said(each)).toContain(LOST);
    for (const each of seen) expect(said(each)).toContain('Add deliver: to the spec, or print the keys');
    expect(changesOf(seen)).toEqual([]);
  });

  it.each(['--show-keys', '-o json', '-o yaml'])('makes them where they are printed, and says so: %s', async (flag) => {
    const home = homeWith(A);
    const [plan, dry, apply] = await all(home, `--keyring none ${flag}`);
    expect([plan?.code, dry?.code, apply?.code]).toEqual([0, 0, 0]);
    if (plan === undefined || apply === undefined) throw new Error('three commands');
    expect(said(plan)).toContain('the new keys are nowhere but in what apply prints');
    expect(apply.stdout).toContain(home.minted[0]?.reveal());
  });

  it('has nothing to say where they are handed out, nor where there are none', async () => {
    expect(codes(await all(homeWith(DELIVERED), '--keyring none'))).toEqual([0, 0, 0]);
    const seen = await all(homeWith({ keys: [] }), '--keyring none -o json');
    expect(codes(seen)).toEqual([0, 0, 0]);
    expect(seen.flatMap(({ stdout }) => documentIn(stdout).notices)).toEqual([]);
  });

  it('refuses a key that nobody has access to, where each file is that of a user', async () => {
    const keys = [{ key_alias: 'a' }, { key_alias: 'b', shared_with: ['ada@x.de'] }];
    const deliver = [{ dotenv: 'out/{each_user}.env' }];
    const home = homeWith({ keys, deliver });
    const seen = await all(home, '--keyring none');
    expect(codes(seen)).toEqual([6, 6, 6]);
    for (const each of seen) {
      expect(said(each)).toContain('Nobody has access to it, so no file would hold it');
      expect(said(each)).toContain('Give it a user_id or shared_with');
    }
    expect(changesOf(seen)).toEqual([]);
    expect(codes(await all(home, '--keyring none -o json'))).toEqual([0, 0, 0]);
    expect(codes(await all(homeWith({ keys: keys.slice(1), deliver }), '--keyring none'))).toEqual([0, 0, 0]);
    expect(codes(await all(homeWith({ keys, deliver: [...deliver, { csv: 'all.csv' }] }), '--keyring none'))).toEqual([
      0, 0, 0,
    ]);
  });

  it('has nothing to say of what has no secret', async () => {
    expect(codes(await all(homeWith({ teams: [{ team_alias: 'lab' }] }), '--keyring none'))).toEqual([0, 0, 0]);
  });

  it('does not forget unprinted what a run that was cut has made', async () => {
    const cut = { next: true };
    const home = homeWith(A, (fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (!url.endsWith('/key/generate') || !cut.next) return answer;
      cut.next = false;
      throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    });
    const gone = {
      isTTY: false,
      columns: null,
      write: () => undefined,
      arrived: () => Promise.resolve(new Error('x')),
    };
    expect((await home.vkeys('apply -f ws.json --keyring none -o json', { stdout: gone })).code).toBe(1);
    expect(codes(await all(home, '--keyring none'))).toEqual([6, 6, 6]);
    const { code, stdout } = await home.vkeys('apply -f ws.json --keyring none -o json');
    expect([code, stdout.includes(home.minted[0]?.reveal() ?? '?')]).toEqual([0, true]);
  });

  it('is no matter in the sandbox inside the command', async () => {
    expect(codes(await all(homeWith(A), '--keyring none --sandbox'))).toEqual([0, 0, 0]);
  });
});

describe('--keyring age:PATH', () => {
  it.each([
    ['', 'Nobody is named who could read an encrypted keyring.', 'Set VKEYS_AGE_RECIPIENTS='],
    ['--age-recipient nobody', 'Recipient 1 of the keyring is none', 'A recipient begins with age1'],
    ['--age-identity nothing.txt', 'There is no file nothing.txt', 'Set VKEYS_AGE_IDENTITY'],
    ['--age-identity ws.json', 'has a line that is no identity of age', 'Give the file that age-keygen wrote'],
  ])('refuses to make what could not be encrypted, and changes nothing else: %s', async (flags, why, next) => {
    const home = homeWith({ keys: [{ key_alias: 'a' }, { key_alias: 'b', max_budget: 1 }] });
    execFileSync('chmod', ['600', join(home.folder, 'ws.json')]);
    const keyring = await identityToRecipient(await generateX25519Identity());
    writeFileSync(join(home.folder, 'b.json'), JSON.stringify({ set: 'ws', keys: [{ key_alias: 'b' }] }));
    await home.vkeys(`apply -f b.json --keyring age:b --age-recipient ${keyring}`);
    const seen = await all(home, `--adopt --keyring age:team ${flags}`);
    expect(codes(seen)).toEqual([6, 6, 6]);
    for (const each of seen) expect(said(each)).toContain(why);
    for (const each of seen) expect(said(each)).toContain(next);
    expect(changesOf(seen)).toEqual([]);
    expect(home.minted.length).toBe(1);
  });

  it('is asked for nothing where no secret is made', async () => {
    expect(codes(await all(homeWith({ keys: [] }), '--keyring age:team'))).toEqual([0, 0, 0]);
  });

  it('whose secrets nobody here can read refuses what changes, as apply does', async () => {
    const home = homeWith(A);
    const recipient = await identityToRecipient(await generateX25519Identity());
    const env = { VKEYS_KEYRING: 'age:team', VKEYS_AGE_RECIPIENTS: recipient };
    expect((await home.vkeys('apply -f ws.json', { env: { ...ENV, ...env } })).code).toBe(0);
    expect((await home.vkeys('plan -f ws.json', { env: { ...ENV, ...env } })).code).toBe(0);
    writeFileSync(
      join(home.folder, 'ws.json'),
      JSON.stringify({ set: 'ws', keys: [{ key_alias: 'a', max_budget: 1 }] }),
    );
    const seen = await all(home, '', env);
    expect(codes(seen)).toEqual([6, 6, 3]);
    for (const each of seen) expect(said(each)).toContain('no identity was given to read them');
    writeFileSync(
      join(home.folder, 'ws.json'),
      JSON.stringify({ set: 'ws', state: 'absent', keys: [{ key_alias: 'a' }] }),
    );
    expect(codes(await all(home, '', env)).slice(0, 2)).toEqual([0, 0]);
  });
});

describe('a keyring that cannot be written', () => {
  it('as a file where its folder should be is told alike', async () => {
    const home = homeWith(A);
    writeFileSync(join(home.folder, 'taken'), '');
    const seen = await all(home, '--keyring taken');
    expect(codes(seen)).toEqual([3, 3, 3]);
    expect(new Set(seen.map(({ stderr }) => /The keyring .* cannot be used: [^.]*\./.test(stderr)))).toEqual(
      new Set([true]),
    );
  });

  it.skipIf(!canMount())('on a read-only disk refuses the plan, and not one without work', async () => {
    const home = homeWith(A);
    const folder = join(home.folder, 'fixed');
    mkdirSync(folder, { mode: 0o700 });
    expect((await home.vkeys('apply -f ws.json')).code).toBe(0);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder]);
    try {
      for (const keyring of ['fixed', 'fixed/deep/down']) {
        const idle = await home.vkeys(`plan -f ws.json --keyring ${keyring}`);
        expect([idle.code, idle.stdout]).toEqual([0, expect.stringContaining('No changes.')]);
        writeFileSync(
          join(home.folder, 'ws.json'),
          JSON.stringify({ set: 'ws', keys: [{ key_alias: 'a' }, { key_alias: 'b' }] }),
        );
        const seen = await all(home, `--keyring ${keyring}`);
        expect(codes(seen)).toEqual([6, 6, 3]);
        for (const each of seen) expect(said(each)).toContain('cannot be used: its disk is read-only.');
        for (const each of seen) expect(said(each)).toContain('Give another folder, one that lasts: --keyring PATH');
        expect(changesOf(seen)).toEqual([]);
        writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', ...A }));
      }
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder], { stdio: 'pipe' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('a plan that was refused has made no folder and no file', async () => {
  const home = homeWith(A);
  await home.vkeys('plan -f ws.json --keyring none');
  await home.vkeys('plan -f ws.json --keyring age:team');
  expect([existsSync(join(home.folder, 'state')), readdirSync(home.folder)]).toEqual([false, ['ws.json']]);
  expect(readFileSync(join(home.folder, 'ws.json'), 'utf8')).toContain('key_alias');
});
