/** Holds the tables of budgets, users, teams and members to what servers really keep, change and clear. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { isOlder } from '../../src/base/version.ts';
import { isCleared, sameField, type Settings } from '../../src/model/fields.ts';
import { factsOf } from '../../src/model/kind.ts';
import type { Desired } from '../../src/model/resource.ts';
import { makePeopleGround, markOf, PEOPLE, wish } from './people.ts';
import { targets } from './targets.ts';

/** A value and another one. */
const VALUES: Readonly<Record<string, readonly [Json, Json]>> = {
  models: [['gpt-4o-mini', 'claude-sonnet'], ['gpt-4o-mini']],
  max_budget: [12.5, 20],
  soft_budget: [3, 4],
  budget_duration: ['7d', '30d'],
  tpm_limit: [1000, 2000],
  rpm_limit: [10, 20],
  tpd_limit: [100_000, 200_000],
  max_parallel_requests: [3, 4],
  blocked: [true, true],
  user_alias: ['Ada', 'Ada L.'],
  user_email: ['', ''],
  user_role: ['internal_user', 'internal_user_viewer'],
  allowed_cache_controls: [['no-cache'], ['no-store']],
  sso_user_id: ['', ''],
  guardrails: [['guard'], ['other']],
  prompts: [['prompt'], ['other']],
  policies: [['policy'], ['other']],
  model_rpm_limit: [{ 'gpt-4o-mini': 5 }, { 'gpt-4o-mini': 6 }],
  model_tpm_limit: [{ 'gpt-4o-mini': 500 }, { 'gpt-4o-mini': 600 }],
  team_member_budget: [5, 6],
  team_member_rpm_limit: [7, 8],
  team_member_tpm_limit: [700, 800],
  team_member_budget_duration: ['7d', '30d'],
  team_member_permissions: [
    ['/key/info', '/key/generate'],
    ['/key/info', '/key/update'],
  ],
  model_aliases: [{ mini: 'gpt-4o-mini' }, { small: 'gpt-4o-mini' }],
  object_permission: [{ vector_stores: ['store'] }, { vector_stores: ['other'] }],
  router_settings: [{ num_retries: 2 }, { num_retries: 3 }],
  access_group_ids: [['group'], ['other']],
  default_team_member_models: [['gpt-4o-mini'], ['claude-sonnet']],
  budget_limits: [[{ budget_duration: '1d', max_budget: 1 }], [{ budget_duration: '1d', max_budget: 2 }]],
  rpm_limit_type: ['guaranteed_throughput', 'best_effort_throughput'],
  allowed_vector_store_indexes: [
    [{ index_name: 'index', index_permissions: ['read'] }],
    [{ index_name: 'index', index_permissions: ['write'] }],
  ],
  require_trace_id: [true, true],
  mcp_rpm_limit: [{ search: 5 }, { search: 6 }],
  default_estimated_output_tokens: [100, 200],
  max_budget_in_team: [4, 5],
  allowed_models: [['gpt-4o-mini'], ['claude-sonnet']],
};

/** What a field is only kept beside. */
const COMPANIONS: Readonly<Record<string, Settings>> = {
  rpm_limit_type: { rpm_limit: 10 },
  team_member_budget_duration: { team_member_budget: 5 },
};

/** Members of teams that have one, and what needs an organisation, are tried elsewhere. */
const UNTRIED: ReadonlySet<string> = new Set(['team_id', 'user_id', 'role', 'admins', 'organization_id']);

const CASES = [...PEOPLE.values()].flatMap(({ kind, fields }) =>
  Object.entries(fields)
    .filter(([name, field]) => field.licence !== true && !UNTRIED.has(name))
    .map(([name, field]) => ({ kind, name, field })),
);

describe.each(targets)('fields of people on $name', (target) => {
  const ground = makePeopleGround(target);
  const isFrom = (since: string | null | undefined): boolean =>
    since === undefined || (since !== null && !isOlder(target.version, since));

  /* The only list of 1.65 has more than the later ones of 1.77 and 1.83. */
  const isListedBefore = (name: string): boolean => name === 'model_aliases' && isOlder(target.version, '1.77.0');

  const wanted = async (kind: string, field: string, value: Json): Promise<Desired> => {
    const settings = { [field]: value, ...COMPANIONS[field] };
    const name = ground.name(`-${kind}-${field}`);
    if (kind !== 'member') return wish(kind, name, settings);
    if ((await ground.store('team').get(name)) === null) await ground.make(wish('team', name));
    return wish('member', `${name}/ada`, { team_id: name, user_id: ground.name('-ada'), ...settings });
  };

  it.each(CASES)('$kind: $name', async ({ kind, name, field }) => {
    const [first, second] = valuesOf(name, ground.name(`-${kind}-${name}`));
    const has = (live: { readonly settings: Settings }, value: Json): boolean =>
      sameField(field, value, live.settings[name]);
    const made = await ground.make(await wanted(kind, name, first));
    /* What a creation drops is sent once more, as apply does. */
    const one = await ground.bring(made, await wanted(kind, name, first));
    const isReadable = isFrom(field.since) && (isFrom(field.listedSince) || isListedBefore(name));
    expect({ kept: has(one.live, first) }).toEqual({ kept: isReadable });
    const other = await ground.bring(one.live, await wanted(kind, name, second));
    const isChangeable = isReadable && field.createOnly !== true && isFrom(field.changeableSince);
    expect({ changed: has(other.live, second) }).toEqual({ changed: isChangeable || (isReadable && first === second) });
    const none = await ground.bring(other.live, await wanted(kind, name, null));
    const isClearable = isChangeable && isFrom(field.clearableSince);
    expect({ cleared: isCleared(field, none.live.settings[name]) }).toEqual({ cleared: isClearable || !isReadable });
    if (isReadable) expect(none.notices.map(({ code }) => code)).toEqual(isClearable ? [] : ['unsupported']);
    const { marks } = factsOf(PEOPLE, kind);
    expect(none.live.mark).toEqual(marks === 'metadata' ? markOf(await wanted(kind, name, null)) : null);
    for (const [companion, value] of Object.entries(COMPANIONS[name] ?? {})) {
      if (isFrom(factsOf(PEOPLE, kind).fields[companion]?.since)) expect(none.live.settings[companion]).toEqual(value);
    }
  });

  function valuesOf(name: string, unique: string): readonly [Json, Json] {
    if (name === 'user_email') return [`${unique}@example.com`, `other-${unique}@example.com`];
    if (name === 'sso_user_id') return [unique, `other-${unique}`];
    return VALUES[name] ?? [null, null];
  }

  it('tries every field', () => {
    const untold = CASES.filter(({ name }) => VALUES[name] === undefined).map(({ name }) => name);
    expect(untold).toEqual([]);
  });
});
