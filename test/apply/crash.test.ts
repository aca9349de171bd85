/** A run that ends at any step, whatever is lost with it, and one more apply: nothing is missing, nothing is there twice. */
import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/model/resource.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { desired, makeSite, type How, type Site } from '../support/make.ts';
import { liveFor, mortalDeliverer, mortalFetch, mortalKeyring, type Life } from '../support/mortal.ts';
import { expectNoMore, expectWhole } from '../support/whole.ts';

type Scenario = {
  readonly name: string;
  readonly options?: Omit<SandboxOptions, 'now'>;
  readonly before?: (site: Site) => Promise<unknown>;
  readonly wanted: readonly Desired[];
  readonly how?: Partial<How>;
};

const keys = (...aliases: readonly string[]): readonly Desired[] => aliases.map((name) => desired({ name }));
const each = (wanted: readonly Desired[], fields: Partial<Desired>): readonly Desired[] =>
  wanted.map((one) => ({ ...one, ...fields }));

const SCENARIOS: readonly Scenario[] = [
  { name: 'creates', wanted: keys('a', 'b', 'c') },
  { name: 'creates on 1.65.8', options: { version: '1.65.8' }, wanted: keys('a', 'b') },
  {
    name: 'creates whose ends the server snaps to its calendar',
    options: { version: '1.77.7' },
    wanted: each(keys('a', 'b'), { lifetime: { duration: '10d' } }),
  },
  {
    name: 'creates with secrets of the server',
    options: { disableCustomKeys: true },
    wanted: keys('a', 'b', 'c'),
  },
  {
    name: 'replacements of expired keys',
    before: async (site) => {
      await site.apply(each(keys('a', 'b'), { lifetime: { duration: '1h' } }));
      site.pass(7200);
    },
    wanted: each(keys('a', 'b', 'c'), { lifetime: { duration: '1h' }, on_expired: 'recreate' }),
  },
  {
    name: 'updates',
    before: (site) => site.apply(each(keys('a', 'b'), { metadata: { old: 1 } })),
    wanted: each(keys('a', 'b'), { settings: { max_budget: 5 }, metadata: { team: 'x', old: null } }),
  },
  {
    name: 'deletes',
    before: (site) => site.apply(keys('a', 'b', 'c')),
    wanted: [...keys('a'), ...each(keys('b', 'x'), { state: 'absent' })],
    how: { prune: true },
  },
  {
    name: 'renames that the spec asks for',
    before: (site) => site.apply(keys('a', 'b')),
    wanted: ['a', 'b'].map((name) => desired({ name: `new-${name}`, previously: [name] })),
    how: { prune: true },
  },
  {
    name: 'marks that are put back, and names that are taken back',
    before: async (site) => {
      await site.apply(keys('a', 'b'));
      for (const { id, name } of await site.keys()) {
        site.sandbox.writeRow(id, name === 'a' ? { metadata: { team: 'x' } } : { key_alias: 'z' });
      }
    },
    wanted: keys('a', 'b'),
    how: { prune: true },
  },
  {
    name: 'creates of what somebody deleted',
    before: async (site) => {
      await site.apply(keys('a', 'b', 'c', 'd'));
      await site.remove('a');
      site.pass(60);
    },
    wanted: keys('a', 'b', 'c', 'd'),
  },
  {
    name: 'everything at once',
    before: async (site) => {
      await site.apply(each(keys('a', 'b', 'old'), { lifetime: { duration: '1h' } }));
      await site.apply(keys('c', 'd'));
      site.pass(7200);
    },
    wanted: [
      ...each(keys('a', 'b'), { on_expired: 'recreate', lifetime: { duration: '1h' } }),
      ...each(keys('c'), { settings: { rpm_limit: 3 } }),
      ...keys('d', 'e', 'f'),
    ],
    how: { prune: true },
  },
];

async function siteOf({ options, before }: Scenario): Promise<Site> {
  const site = makeSite(options);
  await before?.(site);
  site.pass(60);
  return site;
}

async function run(site: Site, { wanted, how }: Scenario, life: Life): Promise<void> {
  await site.apply(wanted, {
    ...how,
    concurrency: 2,
    connection: { fetch: mortalFetch(site.fetch, life) },
    keyring: mortalKeyring(site.disk, life),
    deliverer: mortalDeliverer(site.shelf, life),
  });
}

async function recoveredAfter(scenario: Scenario, steps: number): Promise<Site> {
  const site = await siteOf(scenario);
  await expect(run(site, scenario, liveFor(steps))).rejects.toThrow();
  site.pass(60);
  const { outcomes } = await site.apply(scenario.wanted, scenario.how);
  expect(outcomes.map(({ status }) => status)).not.toContain('failed');
  return site;
}

describe.each(SCENARIOS)('$name', (scenario) => {
  it('survive the end of the process at every step', async () => {
    const life = liveFor(Infinity);
    await run(await siteOf(scenario), scenario, life);
    expect(life.steps()).toBeGreaterThan(5);
    for (let steps = 0; steps < life.steps(); steps += 1) {
      const site = await recoveredAfter(scenario, steps);
      await expectWhole(site, scenario.wanted);
      await expectNoMore(site);
      const again = await site.apply(scenario.wanted, scenario.how);
      expect(again.plan.changes.filter(({ action }) => action !== 'noop')).toEqual([]);
    }
  });
});
