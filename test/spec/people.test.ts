/** Budgets, users, teams and their members in a spec. */
import { describe, expect, test } from 'vitest';
import type { Desired } from '../../src/model/resource.ts';
import { keysOf, load, messagesOf } from './load.ts';

const PEOPLE = 'Login,E-Mail\nada,ada@example.com\ngrace,grace@example.com\n';
const SPEC = `set: research
policies:
  standard: { max_budget: 100, budget_duration: 30d, models: [gpt-4o-mini] }
budgets:
  - { budget_id: frugal, max_budget: 20, budget_duration: 30d }
users:
  - { user_id: root@example.com, user_role: internal_user }
  - { user_id: '{E-Mail}', roster: { file: people.csv, user: Login }, max_budget: 5 }
teams:
  - team_alias: research
    policy: standard
    max_budget: 50
    members:
      - { user_id: root@example.com, role: admin }
      - { roster: { file: people.csv, user: Login }, user_id: '{E-Mail}', budget: frugal }
keys:
  - key_alias: 'lab-{user}'
    roster: { file: people.csv, user: Login }
    team: research
    user: '{E-Mail}'
`;

const shown = ({ ref, id, settings, names, state }: Desired) => ({ ref, id, settings, names, state });

describe('people', () => {
  test('are read with their rosters, policies and names', async () => {
    const things = await keysOf({ 'spec.yaml': SPEC, 'people.csv': PEOPLE });
    expect(things.map(shown)).toMatchSnapshot();
  });

  test('whose ids are a column are named by that column, whatever else could name them', async () => {
    const plain = SPEC.replace('people.csv, user: Login }, max_budget', 'people.csv }, max_budget').replace(
      'people.csv, user: Login }, user_id',
      'people.csv }, user_id',
    );
    const files = (spec: string) => ({ 'spec.yaml': spec, 'people.csv': PEOPLE });
    expect(plain.match(/user: Login/g)).toHaveLength(1);
    expect((await keysOf(files(plain))).map(shown)).toEqual((await keysOf(files(SPEC))).map(shown));
    const unclear = plain.replace('people.csv, user: Login', 'people.csv');
    expect(await messagesOf(files(unclear))).toEqual([expect.stringContaining('several columns')]);
  });

  test('have ids that are the same on every machine, and others in another set', async () => {
    const idOf = async (set: string) =>
      (await keysOf(`set: ${set}\nteams: [{ team_alias: a }, { team_alias: b }]\n`)).map(({ id }) => id);
    const ids = [...(await idOf('one')), ...(await idOf('two'))];
    expect(new Set(ids).size).toBe(4);
    expect(ids).toEqual([...(await idOf('one')), ...(await idOf('two'))]);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await keysOf('teams: [{ team_alias: a, team_id: T }]')).toMatchObject([{ id: 'T' }]);
  });

  test.each([
    ['members: [{ user_id: ada }]', undefined],
    ['members: { only: [{ user_id: ada }] }', ['member']],
    ['members: { only: [] }', ['member']],
  ])('with %s, a team has others too or not', async (members, whole) => {
    const [team] = await keysOf(`teams:\n  - team_alias: t\n    ${members}\n`);
    expect(team?.whole).toEqual(whole);
  });

  test('go with their team', async () => {
    const things = await keysOf('teams: [{ team_alias: t, state: absent, members: [{ user_id: ada }] }]');
    expect(things.map(({ ref, state }) => [ref.name, state])).toEqual([
      ['t', 'absent'],
      ['t/ada', 'absent'],
    ]);
  });

  test('may be teams of a roster, each with members', async () => {
    const things = await keysOf(
      'teams: [{ team_alias: "class-{user}", roster: [a, b], members: [{ user_id: teacher, role: admin }] }]',
    );
    expect(things.map(({ ref }) => ref.name)).toEqual(['class-a', 'class-a/teacher', 'class-b', 'class-b/teacher']);
    expect(things.map(({ settings }) => settings['admins'])).toEqual([['teacher'], undefined, ['teacher'], undefined]);
  });

  test('may have columns of their own as fields', async () => {
    const files = {
      'spec.yaml': 'users: [{ user_id: "{user}", roster: { file: p.csv, fields: [max_budget, user_email] } }]',
      'p.csv': 'user,max_budget,user_email\nada,3,a@b.c\nbob,,\n',
    };
    expect((await keysOf(files)).map(({ settings }) => settings)).toEqual([{ max_budget: 3, user_email: 'a@b.c' }, {}]);
  });

  test.each([
    [
      'users: [{ user_id: a, max_budgt: 1 }]',
      'unknown-field: There is no field "max_budgt" here. Did you mean max_budget?',
    ],
    [
      'users: [{ user_id: a }, { user_id: a }]',
      'duplicate: The user "a" is here a second time, first at spec.yaml:1:9.',
    ],
    ['users: [{ user_id: "a ", max_budget: 1 }]', 'name: The user "a " begins or ends with a blank.'],
    [
      'users: [{ user_id: sk-abcdefghijklmnop }]',
      'name: The user "sk-[secret]" has a word that begins with sk-, as keys do.',
    ],
    ['users: [{ user_id: a, policy: p }]', 'policy: There is no policy "p".'],
    [
      'policies: { p: { tpd_limit: 1 } }\nusers: [{ user_id: a, policy: p }]',
      'policy: The policy "p" has tpd_limit, which a user does not have.',
    ],
    [
      'policies: { p: { max_budgt: 1 } }\nusers: [{ user_id: a, policy: p }]',
      'unknown-field: There is no field "max_budgt" here. Did you mean max_budget?',
    ],
    ['policies: { p: 1 }\nusers: []', 'type: p has to be a mapping, but it is 1.'],
    [
      'teams: [{ team_alias: t, members: [{ user_id: a, budget: b }] }]',
      'budget: There is no budget "b" in this file.',
    ],
    ['teams: [{ team_alias: t, members: 1 }]', 'type: members has to be a list or a mapping, but it is 1.'],
    ['teams: [{ team_alias: t, members: [a] }]', 'type: members[0] has to be a mapping, but it is text.'],
    [
      'teams: [{ team_alias: t, members: [{ user_id: a }, { user_id: a }] }]',
      'duplicate: The member "t/a" is here a second time, first at spec.yaml:1:36.',
    ],
    ['keys: [{ key_alias: k, team: t, team_id: x }]', 'reference: team and team_id are both here.'],
    ['users: [{ user_id: "u-{nobody}" }]', 'placeholder: {nobody} is no placeholder here.'],
    [
      'keys: [{ key_alias: k, metadata: { service_account_id: ci } }]',
      'reference: The key of a service account needs a team: the server refuses it without team_id.',
    ],
    ['budgets: [{ budget_id: b, max_budget: -1 }]', 'value: max_budget is less than 0.'],
    ['users: 1', 'type: users has to be a list, but it is 1.'],
  ])('%s is refused', async (text, message) => {
    const [first, ...others] = await messagesOf(text);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  test.each([
    'keys: [{ key_alias: k, team: t, metadata: { service_account_id: ci } }]',
    'keys: [{ key_alias: k, team_id: t, metadata: { service_account_id: ci } }]',
    'keys: [{ key_alias: k, state: absent, metadata: { service_account_id: ci } }]',
    'keys: [{ key_alias: k, metadata: { service_account_id: null } }]',
    'teams: [{ team_alias: t, metadata: { service_account_id: ci } }]',
  ])('%s has the team that a service account needs, or needs none', async (text) => {
    expect(await messagesOf(text)).toEqual([]);
  });

  test('need no keys beside them', async () => {
    const { specs, problems } = await load('budgets: [{ budget_id: frugal, max_budget: 1, state: absent }]');
    expect(problems).toBe('');
    expect(specs[0]?.desired).toMatchObject([
      { ref: { kind: 'budget', name: 'frugal' }, id: 'frugal', state: 'absent' },
    ]);
  });
});

test('what is given by its name keeps to a rule that wants it', async () => {
  const held = { heldAt: new Date('2026-11-30T12:00:00Z') };
  const rules = 'rules: { keys: { required: [team_id], user_id: "*@example.com" } }';
  expect(await messagesOf(`keys: [{ key_alias: k, team: t, user: ada@example.com }]\n${rules}\n`, held)).toEqual([]);
  expect(await messagesOf(`keys: [{ key_alias: k, user: ada }]\n${rules}\n`, held)).toHaveLength(2);
});
