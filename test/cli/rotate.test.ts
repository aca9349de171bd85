/** `vkeys rotate`, `rotate:` in specs, and what is said of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home, type Seen } from '../support/run.ts';

const SPEC = `
set: lab
defaults: { rotate: { every: 30d, grace: 2h } }
keys:
  - { key_alias: lab, roster: { count: 3 } }
deliver: [{ dotenv: 'secrets/{key_alias}.env' }]
`;
const DAY = 86_400_000;

async function lab(): Promise<Home> {
  const home = makeHome();
  writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC);
  expect(await home.vkeys('apply')).toMatchObject({ code: 0 });
  return home;
}

const held = (home: Home, alias: string): string => readFileSync(join(home.folder, `secrets/${alias}.env`), 'utf8');
const summary = (seen: Seen): unknown => printedIn(seen)['summary'];

describe('a spec with rotate:', () => {
  it('says which keys are due, replaces them, and leaves them with --no-rotate', async () => {
    const home = await lab();
    expect(await home.vkeys('plan --exit-code')).toMatchObject({ code: 0 });
    await home.server.clock.sleep(31 * DAY);
    const planned = await home.vkeys('plan');
    expect(planned.stdout).toContain('3 to rotate');
    expect(planned.stdout).toContain('rotate.every: 30d');
    expect(await home.vkeys('apply --no-rotate -o json')).toMatchObject({ code: 0 });
    const before = held(home, 'lab-user1');
    const applied = await home.vkeys('apply -o json');
    expect(summary(applied)).toMatchObject({ rotate: 3, create: 0, failed: 0 });
    expect(held(home, 'lab-user1')).not.toBe(before);
    expect(await home.vkeys('plan --exit-code')).toMatchObject({ code: 0 });
    const listed = await home.vkeys('list --status retiring');
    expect(listed.stdout.split('\n').filter((line) => line.includes('~old-'))).toHaveLength(3);
    await home.server.clock.sleep(3 * 3_600_000);
    expect(summary(await home.vkeys('apply -o json'))).toMatchObject({ delete: 3, noop: 3 });
  });

  it('costs at most four requests for each of 100 keys, and ten', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC.replace('count: 3', 'count: 100'));
    await home.vkeys('apply');
    await home.server.clock.sleep(31 * DAY);
    const seen = await home.vkeys('apply -o json');
    expect(summary(seen)).toMatchObject({ rotate: 100, failed: 0 });
    expect(seen.requests.length).toBeLessThanOrEqual(410);
  });

  it('is saved in a plan with what it says of secrets, and refused where they are not due any more', async () => {
    const home = await lab();
    await home.server.clock.sleep(31 * DAY);
    expect(await home.vkeys('plan --out p.json')).toMatchObject({ code: 0 });
    expect(await home.vkeys('rotate -f vkeys.yaml --only lab-user1 --yes')).toMatchObject({ code: 0 });
    expect(await home.vkeys('apply --plan p.json')).toMatchObject({ code: 6 });
    expect(await home.vkeys('plan --no-rotate --out p.json')).toMatchObject({ code: 0 });
    const saved = await home.vkeys('apply --plan p.json -o json');
    expect(summary(saved)).toMatchObject({ rotate: 0 });
  });

  it.each([
    ['rotate: { every: never }', 'is no duration'],
    ['rotate: { grace: 1h }', 'every'],
    ['rotate: { every: 30d, grace: 0, after: 1d }', 'There is no field "after" here'],
  ])('is wrong as %s', async (rotate, words) => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'vkeys.yaml'), `set: lab\nkeys: [{ key_alias: a, ${rotate} }]\n`);
    const { code, stdout, stderr } = await home.vkeys('validate');
    expect([code, stdout + stderr]).toEqual([3, expect.stringContaining(words)]);
  });

  it('with null is not rotated', async () => {
    const home = makeHome();
    const keys = '[{ key_alias: a, rotate: null }, { key_alias: b }]';
    writeFileSync(
      join(home.folder, 'vkeys.yaml'),
      `set: lab\ndefaults: { rotate: { every: 1d, grace: 0 } }\nkeys: ${keys}\n`,
    );
    await home.vkeys('apply');
    await home.server.clock.sleep(2 * DAY);
    expect(summary(await home.vkeys('apply -o json'))).toMatchObject({ rotate: 1, noop: 1 });
    expect((await home.vkeys('list')).stdout).not.toContain('~');
  });
});

describe('vkeys rotate', () => {
  it('prints the new secret of a key of nobody, and shows before what it would do', async () => {
    const home = makeHome();
    await home.vkeys('create ci --max-budget 5');
    const dry = await home.vkeys('rotate ci --dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('1 to rotate') });
    const seen = await home.vkeys('rotate ci -o json');
    const [key] = printedIn(seen)['keys'] as readonly { readonly key: string; readonly key_alias: string }[];
    expect([seen.code, key?.key_alias, key?.key]).toEqual([0, 'ci', home.minted[1]?.reveal()]);
    expect(await home.vkeys('token ci')).toMatchObject({ code: 0, stdout: expect.stringContaining(key?.key ?? '-') });
    expect((await home.vkeys('rotate ci --grace 5m')).stdout).toContain('for 5 min');
    const used = await home.vkeys('rotate ci --grace 5m --grace-from use');
    expect([used.code, used.stdout]).toEqual([0, expect.stringContaining('5 min after a run on the set')]);
  });

  it('takes the secret itself, on standard input', async () => {
    const home = makeHome();
    await home.vkeys('create ci');
    const stdin = { isTTY: false, read: () => Promise.resolve(home.minted[0]?.reveal() ?? '') };
    const seen = await home.vkeys('rotate - --leaked', { stdin });
    expect([seen.code, seen.stdout]).toEqual([0, expect.stringContaining('The old secrets are gone')]);
    expect((await home.vkeys('list')).stdout.split('\n').filter((line) => line.startsWith('ci'))).toHaveLength(1);
  });

  it('of a key that a spec hands out says how, and does it with the spec alone', async () => {
    const home = await lab();
    const { code, stderr } = await home.vkeys('rotate lab-user1');
    expect([code, stderr]).toEqual([6, expect.stringContaining('--only lab-user1')]);
    writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC.replace('count: 3', 'count: 4'));
    const seen = await home.vkeys('rotate -f vkeys.yaml --only lab-user1 --wait -o json');
    expect(summary(seen)).toMatchObject({ rotate: 1, create: 0, update: 0, delete: 0 });
    expect(seen.code).toBe(0);
    expect(summary(await home.vkeys('rotate -f vkeys.yaml --older-than 5d --yes -o json'))).toMatchObject({
      rotate: 0,
    });
    expect((await home.vkeys('rotate -f vkeys.yaml --dry-run')).stdout).toContain('3 to rotate');
  });

  it.each([
    ['rotate', 3, 'No key was named'],
    ['rotate ci --leaked --grace 1h', 3, 'A leaked secret has no grace'],
    ['rotate ci --wait', 3, '--wait and --deliver are for -f'],
    ['rotate ci --grace soon', 3, 'A duration is'],
    ['rotate ci -f vkeys.yaml', 3, 'not both'],
    ['rotate nobody', 1, 'There is no key with the alias nobody'],
    ['rotate ended', 6, 'vkeys extend ended'],
    ['rotate ci --keyring none', 6, 'nobody would ever know'],
  ])('%s ends with %i', async (line, code, words) => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC);
    await home.vkeys('create ci');
    await home.vkeys('create ended --duration 1h');
    await home.server.clock.sleep(2 * 3_600_000);
    const seen = await home.vkeys(line);
    expect([seen.code, seen.stderr]).toEqual([code, expect.stringContaining(words)]);
  });

  it('goes on with what an earlier run left under a working name, and tells of what it may not touch', async () => {
    const home = makeHome();
    await home.vkeys('create ci');
    await home.vkeys('rotate ci --grace 1h');
    const old = (await home.vkeys('list --status retiring')).stdout.split('\t')[0] ?? '';
    const { stdout } = await home.vkeys(['rotate', old]);
    expect(stdout).toContain('It is an old secret in its grace');
    /* As a run that was cut between the two names leaves it. */
    const { sandbox } = home.server;
    const id = home.minted[1]?.hash() ?? '';
    sandbox.writeRow(id, { key_alias: 'ci~new', metadata: { vkeys: { set: 'adhoc', name: 'ci~new' } } });
    const ended = await home.vkeys('rotate ci -o json');
    expect([ended.code, summary(ended)]).toEqual([0, expect.objectContaining({ update: 1, rotate: 0 })]);
    expect((await home.vkeys('list')).stdout).not.toContain('~new');
    expect((await home.vkeys('get ci')).code).toBe(0);
  });
});
