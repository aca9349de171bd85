/** Every field of the operator's CRDs, as its reference of 1.1.2 lists them, and where it goes. */
import { describe, expect, test } from 'vitest';
import { KINDS } from '../../../../src/kinds/kinds.ts';
import { factsOf } from '../../../../src/model/kind.ts';
import { RESOURCES } from '../../../../src/spec/formats/kubernetes/fields.ts';
import { keysOf, load } from '../../load.ts';
import { resource, stream } from './resource.ts';

/** What earlier versions had is in parentheses. */
const CRDS = {
  VirtualKey: `connectionRef aliases allowedCacheControls allowedRoutes blocked budgetDuration budgetID config duration
    enforcedParams guardrails key keyAlias maxBudget maxParallelRequests metadata modelMaxBudget modelRPMLimit
    modelTPMLimit models permissions rpmLimit sendInviteEmail softBudget spend tags teamID tpmLimit userID`,
  User: `connectionRef aliases allowedCacheControls autoCreateKey blocked budgetDuration duration guardrails keyAlias
    maxBudget maxParallelRequests metadata modelMaxBudget modelRPMLimit modelTPMLimit models permissions rpmLimit
    sendInviteEmail softBudget spend ssoUserID teams tpmLimit userAlias userEmail userID userRole`,
  Team: `connectionRef blocked budgetDuration guardrails maxBudget metadata modelAliases models organizationID rpmLimit
    tags teamAlias teamID teamMemberPermissions tpmLimit (membersWithRole)`,
  TeamMemberAssociation: `connectionRef maxBudgetInTeam role teamRef userRef (teamAlias) (userEmail)`,
};

const LITELLM = { VirtualKey: 'key', User: 'user', Team: 'team', TeamMemberAssociation: 'member' } as const;

/** Of a key beside its fields. */
const BESIDE = ['metadata', 'duration'];

const snake = (name: string): string => name.replaceAll(/[A-Z]+(?![a-z])|[A-Z]/g, '_$&').toLowerCase();

describe.each(Object.entries(RESOURCES))('%s', (kind, rows) => {
  test('has the fields of its CRD', () => {
    const names = CRDS[kind as keyof typeof CRDS].split(/\s+/);
    expect(Object.keys(rows).toSorted()).toEqual(names.map((name) => name.replaceAll(/[()]/g, '')).toSorted());
  });

  test('is carried over to fields that LiteLLM has', () => {
    const known = (of: string): readonly string[] => {
      const { fields, naming } = factsOf(KINDS, of);
      return [...Object.keys(fields), naming, ...BESIDE];
    };
    for (const [name, { to, ofKey, left }] of Object.entries(rows)) {
      if (to !== undefined)
        expect([to, known(LITELLM[kind as keyof typeof CRDS])]).toEqual([snake(name), expect.arrayContaining([to])]);
      if (ofKey !== undefined) expect([ofKey, known('key')]).toEqual([snake(name), expect.arrayContaining([ofKey])]);
      expect(left === undefined || (to === undefined && ofKey === undefined)).toBe(true);
    }
  });
});

test('a key has them all', async () => {
  const spec = {
    keyAlias: 'svc{x}',
    models: ['m'],
    maxBudget: '10.5',
    budgetDuration: '30d',
    softBudget: '1e1',
    budgetID: 'b',
    duration: '7d',
    userID: 'u',
    teamID: 't',
    tpmLimit: 1,
    rpmLimit: 2,
    maxParallelRequests: 3,
    blocked: true,
    aliases: { a: 'm' },
    config: { c: '1' },
    permissions: { p: 'true' },
    allowedCacheControls: ['no-cache'],
    allowedRoutes: ['/chat/completions'],
    enforcedParams: ['user'],
    guardrails: ['pii'],
    tags: ['x'],
    metadata: { course: '${HOME} {user}' },
    modelMaxBudget: { m: '2', n: 3 },
    modelRPMLimit: { m: 4 },
    modelTPMLimit: { m: '5' },
  };
  const { specs, problems, notices } = await load(stream(resource('VirtualKey', spec)));
  expect({ problems, notices }).toEqual({ problems: '', notices: [] });
  expect(specs[0]?.desired).toEqual([
    {
      ref: { kind: 'key', name: 'svc{x}' },
      previously: [],
      state: 'present',
      user: null,
      settings: {
        models: ['m'],
        max_budget: 10.5,
        budget_duration: '30d',
        soft_budget: 10,
        budget_id: 'b',
        user_id: 'u',
        team_id: 't',
        tpm_limit: 1,
        rpm_limit: 2,
        max_parallel_requests: 3,
        blocked: true,
        aliases: { a: 'm' },
        config: { c: '1' },
        permissions: { p: 'true' },
        allowed_cache_controls: ['no-cache'],
        allowed_routes: ['/chat/completions'],
        enforced_params: ['user'],
        guardrails: ['pii'],
        tags: ['x'],
        model_max_budget: { m: 2, n: 3 },
        model_rpm_limit: { m: 4 },
        model_tpm_limit: { m: 5 },
      },
      metadata: { course: '${HOME} {user}' },
      lifetime: { duration: '7d' },
      on_expired: 'report',
      extra: {},
      placeholders: { key_alias: 'svc{x}', set: 'default', user_id: 'u', name: 'a', namespace: 'default' },
      origin: { file: 'spec.yaml', line: 1, column: 1 },
    },
  ]);
});

const USER = {
  userID: 'ada',
  userEmail: 'ada@example.com',
  userAlias: 'Ada',
  userRole: 'internal_user',
  ssoUserID: 'sso',
  models: ['m'],
  maxBudget: 10,
  budgetDuration: '1h',
  tpmLimit: 1,
  rpmLimit: 2,
  maxParallelRequests: 3,
  allowedCacheControls: ['no-cache'],
  guardrails: ['pii'],
  metadata: { a: 'b' },
  modelMaxBudget: { m: '2' },
  modelRPMLimit: { m: '4' },
  modelTPMLimit: { m: '5' },
};
const OF_KEY = {
  keyAlias: 'ada-key',
  softBudget: '5',
  duration: '7d',
  blocked: true,
  aliases: { a: 'm' },
  permissions: { p: 'q' },
};

test('a user has them, and the key that is made for it its own', async () => {
  const [user, key] = await keysOf(stream(resource('User', { ...USER, ...OF_KEY, autoCreateKey: true })));
  expect(user).toMatchObject({
    ref: { kind: 'user', name: 'ada' },
    id: 'ada',
    settings: {
      user_email: 'ada@example.com',
      user_alias: 'Ada',
      user_role: 'internal_user',
      sso_user_id: 'sso',
      models: ['m'],
      max_budget: 10,
      budget_duration: '1h',
      tpm_limit: 1,
      rpm_limit: 2,
      max_parallel_requests: 3,
      allowed_cache_controls: ['no-cache'],
      guardrails: ['pii'],
      model_max_budget: { m: 2 },
      model_rpm_limit: { m: 4 },
      model_tpm_limit: { m: 5 },
    },
    metadata: { a: 'b' },
  });
  expect(key).toMatchObject({ ref: { kind: 'key', name: 'ada-key' }, lifetime: { duration: '7d' }, metadata: {} });
  expect(key?.settings).toEqual({
    models: ['m'],
    max_budget: 10,
    budget_duration: '1h',
    soft_budget: 5,
    user_id: 'ada',
    blocked: true,
    aliases: { a: 'm' },
    permissions: { p: 'q' },
  });
});

test('a team has them', async () => {
  const spec = {
    teamAlias: 'lab',
    teamID: 'T',
    models: ['m'],
    maxBudget: '100',
    budgetDuration: '30d',
    tpmLimit: 1,
    rpmLimit: 2,
    blocked: false,
    organizationID: 'o',
    modelAliases: { a: 'm' },
    teamMemberPermissions: ['/key/generate'],
    guardrails: ['pii'],
    tags: ['x'],
    metadata: { a: 'b' },
  };
  expect(await keysOf(stream(resource('Team', spec)))).toMatchObject([
    {
      ref: { kind: 'team', name: 'lab' },
      id: 'T',
      settings: {
        models: ['m'],
        max_budget: 100,
        budget_duration: '30d',
        tpm_limit: 1,
        rpm_limit: 2,
        blocked: false,
        organization_id: 'o',
        model_aliases: { a: 'm' },
        team_member_permissions: ['/key/generate'],
        guardrails: ['pii'],
        tags: ['x'],
      },
      metadata: { a: 'b' },
    },
  ]);
});

test('what goes nowhere is told once for each field, and what is nothing is not', async () => {
  const key = (name: string) =>
    resource('VirtualKey', { keyAlias: name, spend: '3', sendInviteEmail: name === 'b' }, { name });
  const nothing = { maxBudget: '', budgetDuration: null, models: null, duration: '', sendInviteEmail: false };
  const { specs, problems, notices } = await load(
    stream(
      key('a'),
      key('b'),
      resource('User', { ...USER, ...OF_KEY }),
      resource('VirtualKey', { keyAlias: 'c', ...nothing }, { name: 'c' }),
    ),
  );
  expect(problems).toBe('');
  expect(specs[0]?.desired.map(({ ref }) => ref.name)).toEqual(['a', 'b', 'ada', 'c']);
  expect(specs[0]?.desired.at(-1)?.settings).toEqual({});
  const why = 'LiteLLM has it for keys alone, and autoCreateKey asks for none';
  expect(notices.map((each) => each.replace(/^\d+:\d+ kubernetes: /, ''))).toEqual([
    'spend of a VirtualKey is not carried over (the first of 2): spend moves by itself.',
    'sendInviteEmail of a VirtualKey is not carried over: vkeys sends no mail.',
    ...Object.keys(OF_KEY).map((field) => `${field} of a User is not carried over: ${why}.`),
  ]);
});
