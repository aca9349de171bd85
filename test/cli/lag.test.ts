/**
 * A server whose reads lag 5 seconds behind its writes, as behind a replica of the database.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { makeServer } from '../support/server.ts';
import { crew, makeSetsHome, type Document, type SetsHome } from '../support/sets.ts';

const LAG = 5000;
const DELIVER = { deliver: [{ dotenv: 'out/{key_alias}.env' }] };
const APPLY = 'apply -f spec.yaml --yes';

function laggingHome(version: (typeof SANDBOX_VERSIONS)[number]): SetsHome {
  return makeSetsHome({ server: makeServer({ version, lag: LAG }) });
}

/** The keys when the reads have caught up: aliases, sorted, each as often as it is there. */
async function settled(home: SetsHome): Promise<readonly string[]> {
  home.server.clock.pass(2 * LAG);
  const { stdout } = await home.vkeys('list --columns key_alias');
  return stdout.split('\n').filter((line) => line !== '');
}

function handedOut(home: SetsHome, alias: string): string | undefined {
  return /^OPENAI_API_KEY=(.*)$/m.exec(readFileSync(join(home.folder, 'out', `${alias}.env`), 'utf8'))?.[1];
}

describe.each(SANDBOX_VERSIONS)('reads of %s that lag', (version) => {
  it('make no key twice, whatever the runs say', async () => {
    const home = laggingHome(version);
    home.wants({ ...crew('one', 3), ...DELIVER });
    for (let run = 1; run <= 3; run += 1) await home.vkeys(APPLY);
    expect(await settled(home)).toEqual(['one-user1', 'one-user2', 'one-user3']);
    expect((await home.vkeys(APPLY)).code).toBe(0);
    const secrets = new Set(home.minted.map((secret) => secret.reveal()));
    for (const alias of await settled(home)) expect(secrets.has(handedOut(home, alias) ?? '')).toBe(true);
  });

  it('do not keep the first run from making its keys and handing them out', async () => {
    const home = laggingHome(version);
    home.wants({ ...crew('one', 3), ...DELIVER });
    const { code, stdout, stderr } = await home.vkeys(APPLY);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(handedOut(home, 'one-user2')).toBe(home.minted[1]?.reveal());
  });

  it('make no update look ignored', async () => {
    const home = laggingHome(version);
    home.wants(crew('one', 3, { max_budget: 1 }));
    await home.vkeys(APPLY);
    await settled(home);
    home.wants(crew('one', 3, { max_budget: 2 }));
    const { code, stdout } = await home.vkeys(APPLY);
    expect([code, stdout.includes('instead')], stdout).toEqual([0, false]);
  });

  it('make no deletion look refused', async () => {
    const home = laggingHome(version);
    home.wants(crew('one', 3));
    await home.vkeys(APPLY);
    await settled(home);
    const { code, stdout } = await home.vkeys('delete -f spec.yaml --yes');
    expect(code, stdout).toBe(0);
    expect(await settled(home)).toEqual([]);
  });

  it('replace an expired key once', async () => {
    const home = laggingHome(version);
    home.wants({ ...crew('one', 1, { duration: '1h', on_expired: 'recreate' }), ...DELIVER });
    await home.vkeys(APPLY);
    home.server.clock.pass(3 * 3_600_000);
    const replaced = await home.vkeys(APPLY);
    const again = await home.vkeys(APPLY);
    expect([replaced.code, again.code], replaced.stdout + again.stdout).toEqual([0, 0]);
    expect(await settled(home)).toEqual(['one-user1']);
    expect(home.minted.at(-1)?.reveal()).toBe(handedOut(home, 'one-user1'));
  });
});

describe.each(SANDBOX_VERSIONS)('people on %s whose reads lag', (version) => {
  const roster = ['p0', 'p1', 'p2'].map((user) => ({ user }));
  const group = (max_budget: number): Document => ({
    set: 'research',
    budgets: [{ budget_id: 'frugal', max_budget }],
    users: [{ user_id: '{user}', roster, max_budget }],
    teams: [
      {
        team_alias: 'lab',
        max_budget,
        metadata: { course: 'ai' },
        members: [{ user_id: '{user}', roster, budget: 'frugal' }],
      },
    ],
    keys: [{ key_alias: 'lab-{user}', roster, team: 'lab', user_id: '{user}' }],
  });

  it('are made, changed and deleted once, with nothing told that is not so', async () => {
    const home = laggingHome(version);
    for (const max_budget of [5, 7]) {
      home.wants(group(max_budget));
      const { code, stdout, stderr } = await home.vkeys('apply -f spec.yaml --yes');
      expect([code, stdout, stderr]).toEqual([0, expect.not.stringContaining('The server took'), '']);
      home.server.clock.pass(2 * LAG);
      const again = await home.vkeys('apply -f spec.yaml --yes');
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nothing to do')]);
    }
    const gone = await home.vkeys('delete -f spec.yaml --yes');
    expect([gone.code, gone.stderr]).toEqual([0, '']);
    home.server.clock.pass(2 * LAG);
    expect((await home.vkeys('delete -f spec.yaml --yes')).stdout).toContain('Nothing to do');
  });

  it('are not made twice by the next run at once', async () => {
    const home = laggingHome(version);
    home.wants(group(5));
    await home.vkeys('apply -f spec.yaml --yes');
    const again = await home.vkeys('apply -f spec.yaml --yes');
    expect([again.code, again.stderr]).toEqual([0, '']);
    home.server.clock.pass(2 * LAG);
    expect((await home.vkeys('apply -f spec.yaml --yes')).stdout).toContain('Nothing to do');
  });
});
