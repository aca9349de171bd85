/** Keys that are over are deleted, and no spec makes them anew. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { hashOf } from '../support/make.ts';
import { makeHome, type Home } from '../support/run.ts';

const HOUR = 3_600_000;
const SPEC = `set: lab
keys:
  - { key_alias: short, duration: 1h }
  - { key_alias: other, duration: 2h }
  - { key_alias: long, duration: 30d }
  - { key_alias: ever }
deliver: [{ dotenv: 'out/{key_alias}.env' }]
`;

/** Four keys of a spec, of which two have ended since two hours and one. */
async function labHome(): Promise<Home> {
  const home = makeHome();
  writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
  home.server.clock.pass(3 * HOUR);
  return home;
}

async function aliases({ vkeys }: Home): Promise<readonly unknown[]> {
  return documentIn((await vkeys('list --sort key_alias -o json')).stdout).keys.map(({ key_alias }) => key_alias);
}

describe('what has ended', () => {
  it('is deleted and taken back, and its spec does not make it anew', async () => {
    const home = await labHome();
    const { code, stdout } = await home.vkeys('gc --yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('2 deleted') });
    expect(await aliases(home)).toEqual(['ever', 'long']);
    expect(existsSync(join(home.folder, 'out/short.env'))).toBe(false);
    const plan = await home.vkeys('plan -f lab.yaml --exit-code');
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('short: Ended') });
    expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
    expect(await aliases(home)).toEqual(['ever', 'long']);
  });

  it('is not made anew either where the end was moved by hand', async () => {
    const home = await labHome();
    await home.vkeys('extend short --by 1h');
    home.server.clock.pass(2 * HOUR);
    await home.vkeys('gc short --yes');
    expect((await home.vkeys('plan -f lab.yaml --exit-code')).stdout).toContain('short: Ended');
  });

  it('is made anew where the spec says so', async () => {
    const home = await labHome();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC.replace('set: lab', 'set: lab\non_expired: recreate'));
    await home.vkeys('gc --yes');
    expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
    expect(await aliases(home)).toEqual(['ever', 'long', 'other', 'short']);
  });

  it('is left for so long as is said, and shown without being touched', async () => {
    const home = await labHome();
    const dry = await home.vkeys('gc --expired-for 90m --dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('1 to delete') });
    expect((await home.vkeys('gc --expired-for 1d --yes')).stdout).toContain('Nothing to do');
    expect(await aliases(home)).toHaveLength(4);
    expect(await home.vkeys('gc --expired-for 90m --yes')).toMatchObject({ code: 0 });
    expect(await aliases(home)).toEqual(['ever', 'long', 'other']);
  });

  it('is asked about, and counted', async () => {
    const home = await labHome();
    expect(await home.vkeys('gc')).toMatchObject({ code: 6, stderr: expect.stringContaining('add --yes') });
    home.server.clock.pass(40 * 24 * HOUR);
    for (const secret of home.minted) home.sandbox.writeRow(secret.hash(), { expires: '2026-11-22T00:00:00Z' });
    expect(await home.vkeys('gc --yes')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('--max-deletions 4'),
    });
    expect(await home.vkeys('gc --yes --max-deletions 4')).toMatchObject({ code: 0 });
  });

  it('of others is left, unless it is named', async () => {
    const home = await labHome();
    home.sandbox.writeRow(hashOf('theirs'), { key_alias: 'theirs', expires: '2026-11-01T00:00:00Z' });
    await home.vkeys('gc --yes');
    expect(await aliases(home)).toContain('theirs');
    expect((await home.vkeys('gc ever --yes')).stdout).toContain('Nothing to do');
    expect(await home.vkeys('gc theirs ever --yes')).toMatchObject({ code: 0 });
    expect(await aliases(home)).toEqual(['ever', 'long']);
  });
});

describe('what retired', () => {
  async function retiredHome(retiring: string): Promise<Home> {
    const home = await labHome();
    const vkeys = { set: 'lab', name: 'ever', retiring };
    home.sandbox.writeRow(hashOf('old'), { key_alias: 'ever~old', metadata: { vkeys } });
    return home;
  }

  it('goes when its grace is over, by its set too, whatever was said of those that ended', async () => {
    const home = await retiredHome('2026-11-21T12:00:00Z');
    expect(await home.vkeys('gc -f lab.yaml --expired-for 7d --only ever --yes')).toMatchObject({ code: 0 });
    expect(await aliases(home)).toEqual(['ever', 'long', 'other', 'short']);
  });

  it('stays until then', async () => {
    const home = await retiredHome('2026-11-22T12:00:00Z');
    expect(await home.vkeys('gc -f lab.yaml --yes')).toMatchObject({ code: 0 });
    expect(await home.vkeys('gc -f lab.yaml --yes')).toMatchObject({ code: 0 });
    expect(await aliases(home)).toEqual(['ever', 'ever~old', 'long']);
  });
});

it('delete --dry-run shows what would go, of words and of a file', async () => {
  const home = await labHome();
  expect((await home.vkeys('delete short other --dry-run')).stdout).toContain('2 to delete');
  expect((await home.vkeys('delete -f lab.yaml --dry-run')).stdout).toContain('4 to delete');
  expect(await aliases(home)).toHaveLength(4);
});
