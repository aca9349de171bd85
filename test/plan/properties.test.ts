/** What holds for every spec and every server: plans are applied to sandboxes of all versions. */
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Trace } from '../../src/litellm/http/request.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Desired, Lifetime, Live } from '../../src/model/resource.ts';
import { makePlan } from '../../src/plan/make.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import type { Secret } from '../../src/base/secret.ts';
import {
  after,
  answer,
  desired,
  hashOf,
  KINDS,
  live,
  makeSite,
  mint,
  NOTHING,
  PLAIN,
  SET,
  survey,
  type Site,
} from '../support/make.ts';
import { namesOf } from '../support/whole.ts';

const ALIASES = ['a1', 'a01', 'a10', 'Ä', 'sp ace', 'a/b', '%_\\'];
const alias = fc.constantFrom(...ALIASES);
const model = fc.constantFrom('gpt-4o-mini', 'claude-sonnet', '*');

const settings: fc.Arbitrary<Settings> = fc.record(
  {
    models: fc.option(fc.uniqueArray(model)),
    max_budget: fc.option(fc.constantFrom(0, 0.5, 10)),
    budget_duration: fc.option(fc.constantFrom('1d', '30d')),
    rpm_limit: fc.option(fc.nat(5)),
    user_id: fc.option(fc.constantFrom('u', 'v@example.com')),
    blocked: fc.boolean(),
    aliases: fc.dictionary(fc.constantFrom('x', 'y'), model),
    model_rpm_limit: fc.option(fc.dictionary(model, fc.nat(5))),
    allowed_routes: fc.uniqueArray(fc.constantFrom('/a', '/b')),
    tpd_limit: fc.nat(5),
    budget_fallbacks: fc.dictionary(model, fc.uniqueArray(model)),
    tpm_limit_type: fc.constantFrom('guaranteed_throughput', 'best_effort_throughput'),
    key_type: fc.constantFrom('llm_api', 'management'),
    soft_budget: fc.option(fc.constantFrom(1, 2)),
    permissions: fc.dictionary(fc.constantFrom('p', 'q'), fc.boolean()),
    router_settings: fc.option(fc.record({ num_retries: fc.nat(2) })),
    object_permission: fc.option(fc.record({ agents: fc.uniqueArray(fc.constantFrom('g', 'h')) })),
    access_group_ids: fc.uniqueArray(fc.constantFrom('g', 'h')),
    max_parallel_requests: fc.option(fc.nat(3)),
  },
  { requiredKeys: [] },
);
const lifetime: fc.Arbitrary<Lifetime> = fc.oneof(
  fc.constant<Lifetime>('never'),
  fc.constantFrom('1h', '1d', '30d').map((duration) => ({ duration })),
  fc.constantFrom(60, 90_000).map((seconds) => ({ expires: after(seconds) })),
);
const metadata: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('team', 'cost center', 'list'),
  fc.constantFrom(null, 'x', 1, ['y'], { z: null }),
);
const wanted: fc.Arbitrary<Desired> = fc
  .record({
    name: alias,
    state: fc.constantFrom<Desired['state']>('present', 'present', 'present', 'absent'),
    on_expired: fc.constantFrom<Desired['on_expired']>('report', 'recreate'),
    settings,
    metadata,
    lifetime: fc.option(lifetime, { nil: undefined }),
  })
  .map(({ lifetime: end, ...fields }) => desired({ ...fields, ...(end === undefined ? {} : { lifetime: end }) }));
const spec = fc.uniqueArray(wanted, { selector: ({ ref }) => ref.name, maxLength: 5 });
const version = fc.constantFrom(...SANDBOX_VERSIONS);
const foreign = fc.uniqueArray(fc.constantFrom(...ALIASES, 'theirs', 'others'), { maxLength: 3 });

async function makeForeign(site: Site, aliases: readonly string[]): Promise<void> {
  for (const [index, key_alias] of aliases.entries()) {
    await site.make({ key_alias, max_budget: 1, metadata: index % 2 === 0 ? {} : { vkeys: { set: 'other' } } });
  }
}

const isOurs = ({ mark }: Live): boolean => mark?.set === SET;

it('a plan that was applied leaves an empty plan, on every version', async () => {
  await fc.assert(
    fc.asyncProperty(version, spec, spec, fc.nat(200_000), fc.boolean(), async (on, before, now, pause, prune) => {
      const site = makeSite({ version: on });
      await site.apply(before);
      site.pass(pause);
      await site.apply(now, { prune });
      const { plan, outcomes } = await site.apply(now, { prune });
      expect(plan.changes.filter(({ action }) => action !== 'noop')).toEqual([]);
      expect(outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it('a key that others made is in no change and stays as it is', async () => {
  await fc.assert(
    fc.asyncProperty(version, foreign, spec, fc.boolean(), async (on, aliases, now, prune) => {
      const site = makeSite({ version: on });
      await makeForeign(site, aliases);
      const before = await site.keys();
      const { plan } = await site.apply(now, { prune });
      expect(plan.changes.filter(({ ref }) => aliases.includes(ref.name))).toEqual([]);
      expect((await site.keys()).filter((key) => !isOurs(key))).toEqual(before);
    }),
    { numRuns: 30 },
  );
});

it('a key that others made is taken over with adopt, once', async () => {
  await fc.assert(
    fc.asyncProperty(foreign, spec, async (aliases, now) => {
      const site = makeSite();
      await makeForeign(site, aliases);
      await site.apply(now, { adopt: true });
      const { plan } = await site.apply(now, { adopt: true });
      expect(plan.changes.filter(({ action }) => action !== 'noop')).toEqual([]);
      const named = new Set(now.filter(({ state }) => state === 'present').map(({ ref }) => ref.name));
      const left = namesOf((await site.keys()).filter((key) => !isOurs(key)));
      expect(left).toEqual(aliases.filter((one) => !named.has(one)).toSorted());
    }),
    { numRuns: 20 },
  );
});

const found: fc.Arbitrary<Live> = fc
  .record({
    name: fc.option(alias),
    mark: fc.constantFrom({ set: SET, name: null }, { set: SET, name: 'a1' }, { set: 'other', name: null }, null),
    created_at: fc.option(fc.constantFrom(after(0), after(-1))),
    expires: fc.option(fc.constantFrom(after(60), after(-60))),
    settings: fc.record({ max_budget: fc.nat(2) }),
    id: fc.nat(),
  })
  .map(({ id, ...fields }) => live({ ...fields, id: hashOf(String(id)) }));

it('the order of the keys in a file, and in the list, does not matter', () => {
  const keys = fc.uniqueArray(found, { selector: ({ id }) => id, maxLength: 8 });
  const shuffled = <T>(values: fc.Arbitrary<T[]>) =>
    values.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled(spec), shuffled(keys), fc.boolean(), ([spec1, spec2], [keys1, keys2], prune) => {
      const planOf = (wishes: readonly Desired[], lives: readonly Live[]) =>
        makePlan(
          { set: SET, isNamed: true, state: 'present', desired: wishes },
          { surveys: new Map([['key', survey(lives)]]), kinds: KINDS, keyring: NOTHING, version: null },
          { ...PLAIN, prune },
        );
      expect(planOf(spec2, keys2)).toEqual(planOf(spec1, keys1));
    }),
  );
});

it('no secret is in a plan, an outcome, an error or a trace, whatever the server says', async () => {
  await fc.assert(
    fc.asyncProperty(version, spec, fc.nat(8), fc.boolean(), async (on, now, broken, disableCustomKeys) => {
      const site = makeSite({ version: on, disableCustomKeys, masterKey: 'the master' });
      const secrets: Secret[] = [];
      const traces: Trace[] = [];
      let requests = 0;
      const run = site
        .apply(now, {
          mint: () => {
            secrets.push(mint());
            return secrets.at(-1) ?? mint();
          },
          connection: {
            trace: (line) => traces.push(line),
            fetch: async (url, init) => {
              requests += 1;
              const said = { error: { message: `Received=${init.headers['Authorization'] ?? ''} ${init.body ?? ''}` } };
              return requests === broken
                ? answer(400, said)
                : site.fetch(url, { ...init, headers: { authorization: 'Bearer the master' } });
            },
          },
        })
        .catch((error: unknown) => error);
      const seen = inspect([await run, traces], { depth: 20 }) + JSON.stringify([await run, traces]);
      const known = [
        ...secrets.map((secret) => secret.reveal()),
        ...[...site.shelf.values()].map((secret) => secret.reveal()),
      ];
      expect([...known, 'sk-sandbox'].filter((secret) => seen.includes(secret))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
