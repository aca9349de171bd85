/** Holds the table of fields (`src/kinds/key.ts`) to what servers really keep, list, change and clear. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { FIELDS, FIELD_NAMES, type FieldName } from '../../src/kinds/key.ts';
import { isCleared, sameField, type Field } from '../../src/model/fields.ts';
import { isOlder } from '../../src/base/version.ts';
import { makeGround } from './ground.ts';
import { objectOf, textOf } from './read.ts';
import { targets } from './targets.ts';

/** Fields that need what an open-source server does not offer: organisations (1.108.7) and projects. */
const UNTRIED: readonly FieldName[] = ['organization_id', 'project_id'];
const TRIED = FIELD_NAMES.filter((name) => FIELDS[name].licence !== true && !UNTRIED.includes(name));

const VALUES: Readonly<Partial<Record<FieldName, Json>>> = {
  models: ['gpt-4o-mini', 'claude-sonnet'],
  max_budget: 12.5,
  budget_duration: '7d',
  soft_budget: 3,
  user_id: 'ada@example.com',
  agent_id: 'agent',
  tpm_limit: 1000,
  rpm_limit: 10,
  tpd_limit: 100_000,
  max_parallel_requests: 3,
  blocked: true,
  aliases: { mini: 'gpt-4o-mini' },
  config: { cache: { ttl: 60 } },
  permissions: { allow_pii_controls: true },
  allowed_cache_controls: ['no-cache'],
  allowed_routes: ['llm_api_routes'],
  key_type: 'llm_api',
  object_permission: { vector_stores: ['store'] },
  auto_rotate: true,
  rotation_interval: '30d',
  router_settings: { num_retries: 2 },
  access_group_ids: ['group'],
  budget_limits: [{ budget_duration: '1d', max_budget: 1 }],
  budget_fallbacks: { 'gpt-4o-mini': ['llama-3-8b'] },
  model_rpm_limit: { 'gpt-4o-mini': 5 },
  model_tpm_limit: { 'gpt-4o-mini': 500 },
  mcp_rpm_limit: { search: 5 },
  tag_rpm_limit: { course: 5 },
  rpm_limit_type: 'guaranteed_throughput',
  tpm_limit_type: 'guaranteed_throughput',
  temp_budget_increase: 5,
  temp_budget_expiry: '2099-01-01T00:00:00',
  allowed_vector_store_indexes: [{ index_name: 'index', index_permissions: ['read'] }],
  throttle_on_budget_exceeded: true,
  enable_prompt_caching: true,
  default_estimated_output_tokens: 100,
};

/** A creation drops them, an update keeps them: so vkeys sends them again when it reads a new key back. */
const ONLY_BY_UPDATE: readonly FieldName[] = ['temp_budget_increase', 'temp_budget_expiry'];

/** What a field is only kept beside. */
const COMPANIONS: Readonly<Partial<Record<FieldName, JsonObject>>> = {
  auto_rotate: { rotation_interval: '30d' },
  rotation_interval: { auto_rotate: true },
  rpm_limit_type: { rpm_limit: 10 },
  tpm_limit_type: { tpm_limit: 1000 },
  temp_budget_increase: { temp_budget_expiry: '2099-01-01T00:00:00' },
  temp_budget_expiry: { temp_budget_increase: 5 },
};

describe.each(targets)('fields on $name', (target) => {
  const ground = makeGround(target);
  const since = (version: string | null | undefined): boolean =>
    version === undefined || (version !== null && !isOlder(target.version, version));
  const isKnown = (name: FieldName): boolean => since(FIELDS[name].since);
  const isListed = (name: FieldName): boolean => {
    const { listedSince }: Field = FIELDS[name];
    return isKnown(name) && listedSince !== 'info' && since(listedSince);
  };
  const values = new Map(Object.entries(VALUES));
  const wanted = (name: FieldName): JsonObject => ({ [name]: values.get(name) ?? null, ...COMPANIONS[name] });
  const has = (
    name: FieldName,
    live: { readonly settings: Readonly<Record<string, Json>> } | null | undefined,
  ): boolean => live != null && sameField(FIELDS[name], values.get(name) ?? null, live.settings[name]);

  beforeAll(async () => {
    const team_id = ground.name('team');
    expect(await ground.ask('POST', '/team/new', { team_id })).toMatchObject({ code: 'ok' });
    ground.finally(() => ground.ask('POST', '/team/delete', { team_ids: [team_id] }));
    values.set('team_id', team_id);
    /* The only way to a budget that all targets have: a soft_budget makes one. */
    const { id } = await ground.make('budget', { soft_budget: 1 });
    const said = await ground.ask('GET', `/key/info?key=${id}`);
    values.set('budget_id', textOf(objectOf(objectOf(said.body)['info'])['budget_id']));
  });

  it('are applied in a key each, what the server does not know is told, and nothing is left to do', async () => {
    const me = ground.person();
    const set = ground.name('fields');
    const file = me.spec(
      set,
      TRIED.map((name) => ({ key_alias: `${set}-${name}`, ...wanted(name) })),
    );
    const report = await me.json(['apply', '-f', file]);
    expect(report).toMatchObject({ summary: { create: TRIED.length, failed: 0 } });
    /* Of a key_type that is not listed nobody can tell. */
    const lost = TRIED.filter((name) => !isKnown(name) && name !== 'key_type');
    const told = JSON.stringify(report['notices']);
    expect(TRIED.filter((name) => told.includes(`"key/${set}-${name}"`))).toEqual(lost);
    expect((await me.vkeys(['plan', '-f', file, '--exit-code'])).code).toBe(0);
  });

  describe.each(TRIED.map((name) => ({ name, known: isKnown(name) ? 'kept' : 'dropped' })))(
    '$name',
    ({ name, known }) => {
      const key_alias = ground.name(name);

      const field: Field = FIELDS[name];
      /* Of a key_type that is not listed only what it means is seen: the routes. */
      const isReadable = name !== 'key_type' || isListed(name);

      it(`is ${known} on creation, and listed as the table says`, async () => {
        const { id } = await ground.make(name, wanted(name));
        const { lives, listed } = await ground.store.survey({ ids: [id], names: [key_alias], all: false });
        const row = lives.find((live) => live.id === id);
        const info = await ground.store.get(id);
        const isKept = known === 'kept' && isReadable && !ONLY_BY_UPDATE.includes(name);
        expect({ name, isKept: [row, info].some((live) => has(name, live)) }).toEqual({ name, isKept });
        if (field.listedSince !== 'info')
          expect({ name, isListed: has(name, row) }).toEqual({ name, isListed: isKept && isListed(name) });
        if (field.home === 'column') expect(listed?.has(name)).toBe(isListed(name));
      });

      it.runIf(known === 'kept' && field.createOnly !== true)(
        'is cleared, and set again, as the table says',
        async () => {
          const { id, metadata } = await ground.key(key_alias);
          const { [name]: _gone, ...others } = metadata;
          const read = async () => (isListed(name) ? ground.key(key_alias) : ground.store.get(id));
          await ground.update(id, field.home === 'metadata' ? { metadata: others } : { [name]: field.cleared });
          const cleared = isCleared(field, (await read())?.settings[name]);
          expect({ name, cleared }).toEqual({ name, cleared: since(field.clearableSince) });
          const answer = await ground.update(id, wanted(name));
          expect(has(name, await read())).toBe(true);
          if (isListed(name)) expect(has(name, answer)).toBe(true);
        },
      );
    },
  );
});
