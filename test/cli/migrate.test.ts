/** The same keys with the same secrets on another server, whatever is cut on the way. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject, textOf } from '../../src/base/json.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import type { SandboxVersion } from '../../src/sandbox/versions.ts';
import { makeClock } from '../support/clock.ts';
import { documentIn, type PrintedKey } from '../support/document.ts';
import { NOW } from '../support/make.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { makeServer, type TestServer } from '../support/server.ts';

const SPEC = `set: lab
budgets: [{ budget_id: frugal, max_budget: 4 }]
users: [{ user_id: ada@example.com, max_budget: 9 }]
teams: [{ team_alias: research, max_budget: 30, members: [{ user_id: ada@example.com, role: admin, max_budget_in_team: 2 }] }]
keys:
  - { key_alias: 'lab-{user}', roster: { count: 3 }, max_budget: 5, expires: 2026-12-24T10:00:00Z, shared_with: [eve@x.org] }
  - { key_alias: ada, team: research, user: ada@example.com, budget: frugal, duration: 90d }
deliver: [{ dotenv: 'out/{key_alias}.env' }]
`;

type Two = { readonly home: Home; readonly old: TestServer; readonly new: TestServer };

/** A person with profiles for two servers, and keys on the old one. `way`: what becomes of requests to the new one. */
async function twoServers(
  { from = '1.110.2', to = '1.110.2' }: { from?: SandboxVersion; to?: SandboxVersion } = {},
  way: (fetch: Fetch) => Fetch = (fetch) => fetch,
): Promise<Two> {
  const clock = makeClock(NOW);
  const [old, young] = [makeServer({ version: from, clock, tick: 1 }), makeServer({ version: to, clock, tick: 1 })];
  const onNew = way(young.fetch);
  const wrap =
    (fetch: Fetch): Fetch =>
    (url, init) =>
      (new URL(url).hostname === 'new.test' ? onNew : fetch)(url, init);
  const home = makeHome({ server: old, wrap });
  writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
  writeFileSync(join(home.folder, 'mk'), MASTER_KEY, { mode: 0o600 });
  for (const name of ['old', 'new'])
    await works(home, `auth login --profile ${name} --url http://${name}.test --master-key-file mk`);
  await works(home, 'apply -f lab.yaml --profile old --yes');
  return { home, old, new: young };
}

async function works({ vkeys }: Home, line: string): Promise<string> {
  const { code, stdout, stderr } = await vkeys(line);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** What a key is, wherever it is. */
function same({ key_alias, key_id, expires, metadata, ...row }: PrintedKey): unknown {
  /* Its lifetime counts on from the old one's creation. */
  const { vkeys, ...rest } = isObject(metadata) ? metadata : {};
  const { since: _, ...mark } = isObject(vkeys) ? vkeys : {};
  const { max_budget, team_id, user_id, budget_id } = row;
  const end = typeof expires === 'string' ? Math.round(Date.parse(expires) / 10_000) : null;
  return { key_alias, key_id, end, metadata: { ...rest, vkeys: mark }, max_budget, team_id, user_id, budget_id };
}

async function keysAt(home: Home, profile: string): Promise<readonly PrintedKey[]> {
  return documentIn(await works(home, `list --profile ${profile} --sort key_alias -o json`)).keys;
}

const MIGRATE = 'migrate --from old --to new';

describe('migrate', () => {
  it('has keys with their secrets, people, ends and spend on the other server, and hand-outs with its address', async () => {
    const two = await twoServers();
    const { home } = two;
    await two.old.clock.sleep(5 * 86_400_000);
    two.old.sandbox.writeRow(home.minted[0]?.hash() ?? '', { spend: 1.5 });
    const dry = documentIn(await works(home, `${MIGRATE} -f lab.yaml --dry-run -o json`));
    expect(dry).toMatchObject({ changed: false, summary: { create: 8 } });
    expect(await keysAt(home, 'new')).toEqual([]);
    const done = documentIn(await works(home, `${MIGRATE} -f lab.yaml --spend -o json`));
    expect(done).toMatchObject({ summary: { create: 8, failed: 0 }, notices: [] });
    const [before, after] = [await keysAt(home, 'old'), await keysAt(home, 'new')];
    expect(after.map(same)).toEqual(before.map(same));
    expect(after.map(({ spend }) => spend)).toEqual([1.5, 0, 0, 0]);
    const file = readFileSync(join(home.folder, 'out/ada.env'), 'utf8');
    expect(file).toContain('http://new.test/v1');
    expect(home.minted.some((secret) => file.includes(secret.reveal()))).toBe(true);
    const plan = documentIn(await works(home, 'plan -f lab.yaml --profile new -o json'));
    expect(plan.summary).toMatchObject({ create: 0, update: 0, adopt: 0, replace: 0, noop: 8 });
    expect(documentIn(await works(home, `${MIGRATE} -f lab.yaml --spend -o json`))).toMatchObject({ changed: false });
  });

  it('blocks the old keys once the new ones are proven, and lets them be deleted without taking anything', async () => {
    const two = await twoServers();
    const { home } = two;
    const done = documentIn(await works(home, `${MIGRATE} -f lab.yaml --block-old -o json`));
    expect(done.summary).toMatchObject({ create: 8, update: 4 });
    expect((await keysAt(home, 'old')).map(({ blocked }) => blocked)).toEqual([true, true, true, true]);
    expect((await keysAt(home, 'new')).map(({ blocked }) => blocked ?? false)).toEqual([false, false, false, false]);
    await works(home, 'delete --set lab --profile old --yes --max-deletions 100%');
    expect(await keysAt(home, 'old')).toEqual([]);
    expect(existsSync(join(home.folder, 'out/ada.env'))).toBe(true);
    expect(await works(home, 'get ada --profile new --show-key -o json')).toContain('"key": "sk-');
    const plan = documentIn(await works(home, 'plan -f lab.yaml --profile new -o json'));
    expect(plan.summary).toMatchObject({ create: 0, update: 0, replace: 0, noop: 8 });
  });

  it.each(['delete -f lab.yaml --profile old', 'delete -f lab.yaml --url http://alias.test --master-key-file mk'])(
    'leaves the hand-outs to the new server when the old keys go by their spec: %s',
    async (line) => {
      const { home } = await twoServers();
      await works(home, `${MIGRATE} -f lab.yaml`);
      const gone = documentIn(await works(home, `${line} --yes -o json`));
      expect(gone.summary).toMatchObject({ failed: 0 });
      expect(await keysAt(home, 'old')).toEqual([]);
      expect(existsSync(join(home.folder, 'out/ada.env'))).toBe(true);
      const plan = documentIn(await works(home, 'plan -f lab.yaml --profile new --exit-code -o json'));
      expect(plan.summary).toMatchObject({ create: 0, update: 0, replace: 0, noop: 8 });
      await works(home, 'delete -f lab.yaml --profile new --yes');
      expect(existsSync(join(home.folder, 'out/ada.env'))).toBe(false);
    },
  );

  it.each<[SandboxVersion, SandboxVersion]>([
    ['1.65.8', '1.110.2'],
    ['1.110.2', '1.65.8'],
    ['1.83.14', '1.110.2'],
  ])('goes from %s to %s', async (from, to) => {
    const { home } = await twoServers({ from, to });
    await works(home, 'update ada --profile old --field rpm_limit=7');
    if (from === '1.110.2') await works(home, 'update ada --profile old --field tpd_limit=7 --metadata fine=1');
    const { code, stdout } = await home.vkeys(`${MIGRATE} --set lab -o json`);
    expect(code).toBe(0);
    const messages = documentIn(stdout).notices.map(({ message }) => message);
    const lost = 'tpd_limit is left out: LiteLLM 1.65.8 does not know it.';
    const late = 'max_budget_in_team stays as it is: LiteLLM 1.65.8 takes it only at creation.';
    expect(messages).toEqual(to === '1.65.8' ? [lost, late] : []);
    expect((await keysAt(home, 'new')).map(({ key_id }) => key_id)).toEqual(
      (await keysAt(home, 'old')).map(({ key_id }) => key_id),
    );
  });

  it('tells what it leaves: keys without a secret, without a name, or over; and what a server has encrypted', async () => {
    const { home, old } = await twoServers();
    const [, first, second] = (await keysAt(home, 'old')).map(({ key_id }) => textOf(key_id));
    const vkeys = { set: 'lab', name: 'lab-user1' };
    old.sandbox.writeRow(first ?? '', { metadata: { logging: ['litellm_enc::x'], vkeys } });
    old.sandbox.writeRow(second ?? '', { expires: NOW.toISOString() });
    await works(home, 'create --alias lost --set lab --profile old');
    await works(home, `keyring forget lost --profile old --yes`);
    const lines = (await home.vkeys(`${MIGRATE} --set lab -o json`)).stdout;
    const { summary, notices } = documentIn(lines);
    expect(summary).toMatchObject({ create: 7 });
    expect(notices.map(({ ref, message }) => `${textOf(ref)}: ${textOf(message)}`)).toEqual([
      'key/lost: No keyring of this machine has its secret, so it is not moved.',
      'key/lab-user1: metadata.logging is left out: its server has encrypted it, and no other can read it.',
      `key/lab-user2: It has ended ${NOW.toISOString()}, so it is not moved.`,
    ]);
    expect(documentIn(await works(home, `${MIGRATE} lost --new-secrets -o json`)).summary).toMatchObject({ create: 1 });
  });

  it('leaves on the new server what is there: people as they are, and no key under a name that is taken', async () => {
    const { home } = await twoServers();
    await works(home, 'user create ada@example.com --max-budget 1 --profile new');
    expect(documentIn(await works(home, `${MIGRATE} ada -o json`)).summary).toMatchObject({ create: 4 });
    expect(await works(home, 'user get ada@example.com --profile new -o json')).toContain('"max_budget": 1,');
    await works(home, 'create --alias lab-user1 --profile new');
    const { code, stderr } = await home.vkeys(`${MIGRATE} lab-user1`);
    expect({ code, stderr }).toMatchObject({ code: 6, stderr: expect.stringContaining('lab-user1') });
    expect((await keysAt(home, 'new')).length).toBe(2);
  });

  it.each([
    ['--from old --to old ada', 'Both servers are http://old.test.'],
    ['--from old --to new ada --url http://new.test', 'about one server'],
    ['--from old --to new nobody', 'There is no key'],
    ['--from old --to nowhere ada', 'nowhere'],
    ['--from old --to new', 'No key was named'],
  ])('refuses %s', async (flags, message) => {
    const { home } = await twoServers();
    const { code, stderr } = await home.vkeys(`migrate ${flags}`);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it('asks on a terminal', async () => {
    const { home } = await twoServers();
    const seen: string[] = [];
    const world = {
      stdin: { isTTY: true, read: () => Promise.resolve('') },
      stderr: { isTTY: true, columns: 80, write: (text: string) => void seen.push(text) },
      ask: () => Promise.resolve('no'),
    };
    expect(await home.vkeys(`${MIGRATE} --set lab`, world)).toMatchObject({ code: 6 });
    expect(seen.join('')).toContain('lab-user1');
    expect(await keysAt(home, 'new')).toEqual([]);
  });
});

type Cut = 'the server is away' | 'answers are lost' | 'the process dies';

/** Changes of the new server are cut after so many of its requests. `reached`: the first one was. */
function cutAfter(most: number, cut: Cut): { way: (fetch: Fetch) => Fetch; mend: () => void; reached: Promise<void> } {
  let [count, isCut, reach] = [0, true, (): void => undefined];
  const reached = new Promise<void>((resolve) => void (reach = resolve));
  return {
    mend: () => void (isCut = false),
    reached,
    way: (fetch) => async (url, init) => {
      count += 1;
      if (!isCut || count <= most || init.method !== 'POST') return fetch(url, init);
      reach();
      if (cut === 'the server is away') throw new Error('connection refused');
      await fetch(url, init);
      if (cut === 'the process dies') return new Promise(() => undefined);
      throw new Error('connection reset');
    },
  };
}

const CUTS: readonly Cut[] = ['the server is away', 'answers are lost', 'the process dies'];

it.each([0, 9, 12, 15, 18, 21].flatMap((most) => CUTS.map((cut) => [most, cut] as const)))(
  'goes on where it was cut after %i requests: %s',
  async (most, cut) => {
    const { way, mend, reached } = cutAfter(most, cut);
    const { home } = await twoServers({}, way);
    const first = home.vkeys(`${MIGRATE} -f lab.yaml --deadline 5 -o json`);
    if (cut === 'the process dies') await Promise.race([reached, first]);
    else expect([0, 1, 2, 5]).toContain((await first).code);
    mend();
    const after = { isAlive: () => false, self: { pid: 1, host: 'test', command: '' } };
    const { code, stdout, stderr } = await home.vkeys(`${MIGRATE} -f lab.yaml -o json`, after);
    expect(code, stderr).toBe(0);
    expect(documentIn(stdout).summary['failed']).toBe(0);
    const [old, young] = [await keysAt(home, 'old'), await keysAt(home, 'new')];
    expect(young.map(same)).toEqual(old.map(same));
    const plan = documentIn(await works(home, 'plan -f lab.yaml --profile new -o json'));
    expect(plan.summary).toMatchObject({ create: 0, update: 0, replace: 0 });
  },
);
