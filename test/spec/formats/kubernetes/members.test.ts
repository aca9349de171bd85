/** Who is in which team, wherever resources say it. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import { load, messagesOf, type Seen } from '../../load.ts';
import { resource, stream } from './resource.ts';

const team = (name: string, more: JsonObject = {}, namespace?: string): JsonObject =>
  resource('Team', { teamAlias: name, ...more }, { name, ...(namespace === undefined ? {} : { namespace }) });
const user = (name: string, more: JsonObject = {}, namespace?: string): JsonObject =>
  resource('User', { userEmail: `${name}@b.c`, ...more }, { name, ...(namespace === undefined ? {} : { namespace }) });
const member = (teamRef: JsonObject, userRef: JsonObject, more: JsonObject = {}, namespace?: string): JsonObject =>
  resource(
    'TeamMemberAssociation',
    { teamRef, userRef, role: 'user', ...more },
    namespace === undefined ? {} : { namespace },
  );

const LAB = { name: 'lab' };
const ADA = { name: 'ada' };

/** Each member with its role, by set. */
function membersIn({ specs, problems }: Seen): readonly string[] {
  if (problems !== '') return [problems];
  return specs.flatMap(({ set, desired }) =>
    desired.flatMap(({ ref, settings }) =>
      ref.kind === 'member' ? [`${set} ${ref.name} ${JSON.stringify(settings['role'] ?? null)}`] : [],
    ),
  );
}

describe('a membership', () => {
  test('is the team’s, with its role and limits, and its admins are there from the start', async () => {
    const all = [member(LAB, ADA, { role: 'admin', maxBudgetInTeam: '5' }), team('lab'), user('ada')];
    const { specs } = await load(stream(...all));
    expect(specs[0]?.desired).toMatchObject([
      { ref: { kind: 'team', name: 'lab' }, settings: { admins: ['ada@b.c'] } },
      {
        ref: { kind: 'member', name: 'lab/ada@b.c' },
        settings: { role: 'admin', max_budget_in_team: 5, user_id: 'ada@b.c' },
        names: { team_id: 'lab' },
        origin: { line: 1, column: 1 },
      },
      { ref: { kind: 'user', name: 'ada@b.c' } },
    ]);
  });

  test('is that of another file, too', async () => {
    const files = { 'm.yaml': stream(member(LAB, ADA)), 't.yaml': stream(team('lab')), 'u.yaml': stream(user('ada')) };
    expect(membersIn(await load(files))).toEqual(['default lab/ada@b.c "user"']);
    const wrong = { ...files, 'u.yaml': stream(user('ada', { userID: 'ada ' })) };
    const { problems } = await load(wrong);
    expect(problems).toContain('m.yaml:1:1 name: The user "ada " begins or ends with a blank.\n1 | {"apiVersion"');
    expect(problems).toContain('"kind":"TeamMemberAssociation"');
  });

  test.each<[string, JsonObject[], string]>([
    [
      'in its own namespace',
      [member(LAB, ADA, {}, 'n'), team('lab', {}, 'n'), team('lab', {}, 'o'), user('ada', {}, 'n')],
      'n lab/ada@b.c "user"',
    ],
    [
      'in the namespace that it names',
      [
        member({ ...LAB, namespace: 'o' }, ADA, {}, 'n'),
        team('lab', {}, 'n'),
        team('lab', {}, 'o'),
        user('ada', {}, 'n'),
      ],
      'o lab/ada@b.c "user"',
    ],
    [
      'where a file leaves the namespace to kubectl',
      [member({ ...LAB, namespace: 'n' }, { ...ADA, namespace: '' }, {}, 'n'), team('lab'), user('ada')],
      'default lab/ada@b.c "user"',
    ],
    ['where only it has none', [member(LAB, ADA), team('lab', {}, 'n'), user('ada', {}, 'o')], 'n lab/ada@b.c "user"'],
    [
      'by alias and address, as in earlier versions',
      [
        member({}, {}, { teamRef: null, userRef: null, teamAlias: 'lab', userEmail: 'ada@b.c' }),
        team('lab'),
        user('ada'),
      ],
      'default lab/ada@b.c "user"',
    ],
  ])('finds team and user %s', async (_, all, expected) => {
    expect(membersIn(await load(stream(...all)))).toEqual([expected]);
  });

  test.each<[string, JsonObject[], readonly string[]]>([
    [
      'nobody',
      [member(LAB, ADA)],
      [
        '1:123 reference: There is no Team "lab" among the resources.',
        '1:148 reference: There is no User "ada" among the resources.',
      ],
    ],
    [
      'one of several',
      [member(LAB, ADA), team('lab', {}, 'n'), team('lab', {}, 'o'), user('ada')],
      ['1:123 reference: There is more than one Team "lab" among the resources: spec.yaml:3:1, spec.yaml:5:1.'],
    ],
    [
      'an alias that no team has',
      [member({}, ADA, { teamRef: null, teamAlias: 'lib' }), team('lab'), user('ada')],
      ['1:171 reference: There is no Team "lib" among the resources.'],
    ],
    ['nothing', [member({}, ADA, { teamRef: null }), team('lab'), user('ada')], ['1:104 missing: teamRef is missing.']],
    [
      'a user who is nobody',
      [member(LAB, ADA), team('lab'), user('ada', { userEmail: '' })],
      ['5:89 missing: userEmail is missing.'],
    ],
    [
      'the same twice',
      [member(LAB, ADA), { ...member(LAB, ADA), metadata: { name: 'b' } }, team('lab'), user('ada')],
      ['3:1 duplicate: ada@b.c is a member of lab a second time, first at spec.yaml:1:1.'],
    ],
    [
      'a role that there is not',
      [member(LAB, ADA, { role: 'owner' }), team('lab'), user('ada')],
      ['1:162 value: role has to be admin or user.'],
    ],
  ])('that names %s is told', async (_, all, messages) => {
    expect(await messagesOf(stream(...all))).toEqual(messages);
  });
});

describe('a team’s own list of members', () => {
  test('calls them by id or address, and a membership says more', async () => {
    const membersWithRole = [
      { userID: 'x', role: 'admin' },
      { userEmail: 'ada@b.c' },
      { userEmail: 'bob@b.c', role: 'user' },
    ];
    const all = [
      team('lab', { membersWithRole }),
      user('ada'),
      user('bob'),
      member(LAB, { name: 'bob' }, { role: 'admin' }),
    ];
    expect(membersIn(await load(stream(...all)))).toEqual([
      'default lab/bob@b.c "admin"',
      'default lab/x "admin"',
      'default lab/ada@b.c null',
    ]);
  });

  test.each<[JsonObject, string]>([
    [{ userEmail: 'eve@b.c' }, '1:127 reference: There is no User with the address "eve@b.c" among the resources.'],
    [{ role: 'user' }, '1:127 missing: userID is missing.'],
    [{ userID: 'a ', role: 'user' }, '1:127 name: The user "a " begins or ends with a blank.'],
  ])('with %j is told', async (each, message) => {
    expect(await messagesOf(stream(team('lab', { membersWithRole: [each] })))).toEqual([message]);
  });
});

test('the teams of a user are those of the resources, by their ids or names', async () => {
  const seen = resource('Team', { teamAlias: 'seen' }, { name: 'seen', status: { teamID: 'S' } });
  const all = [
    team('lab', { teamID: 'T' }),
    team('lib'),
    seen,
    user('ada', { teams: ['T', 'lib', 'S', 'lib', 'other'] }),
  ];
  const loaded = await load(stream(...all, resource('User', { teams: ['T'] })));
  expect(loaded.problems).toContain('userEmail is missing.');
  const { notices, ...rest } = await load(stream(...all));
  expect(membersIn({ notices, ...rest })).toEqual([
    'default lab/ada@b.c null',
    'default lib/ada@b.c null',
    'default seen/ada@b.c null',
  ]);
  expect(notices).toEqual([
    `7:141 reference: There is no Team "other" among the resources of the user's server, so the user is not made its member.`,
  ]);
});

describe('with several servers', () => {
  const at = (each: JsonObject, name: string | null, namespace: string): JsonObject => ({
    ...each,
    metadata: { ...(each['metadata'] as JsonObject), namespace },
    spec: {
      ...(each['spec'] as JsonObject),
      ...(name === null ? {} : { connectionRef: { instanceRef: { name, namespace: 'llm' } } }),
    },
  });
  const both = (each: JsonObject): readonly JsonObject[] => [at(each, 'p1', 'n1'), at(each, 'p2', 'n2')];
  const called = member(
    {},
    {},
    { teamRef: null, userRef: null, teamAlias: 'lab', userEmail: 'ada@b.c', role: 'admin' },
  );

  test.each<[string, JsonObject[], string[]]>([
    [
      'a membership by alias and address',
      [...both(team('lab')), ...both(user('ada')), at(called, 'p2', 'n2')],
      ['n2.llm.p2 lab/ada@b.c "admin"'],
    ],
    [
      'a membership without a connection is in its own namespace, and',
      [...both(team('lab')), ...both(user('ada')), at(called, null, 'n2')],
      ['n2.llm.p2 lab/ada@b.c "admin"'],
    ],
    [
      'the teams of a user',
      [...both(team('lab')), at(user('ada', { teams: ['lab'] }), 'p2', 'n2')],
      ['n2.llm.p2 lab/ada@b.c null'],
    ],
    [
      'a team’s own list',
      [
        at(user('ada', { userID: 'one' }), 'p1', 'n1'),
        at(user('ada', { userID: 'two' }), 'p2', 'n2'),
        at(team('lab', { membersWithRole: [{ userEmail: 'ada@b.c' }] }), 'p2', 'n2'),
      ],
      ['n2.llm.p2 lab/two null'],
    ],
    [
      'who is in another namespace of the same server',
      [at(team('lab'), 'p2', 'n1'), at(user('ada'), 'p2', 'n3'), at(called, 'p2', 'n2')],
      ['n1.llm.p2 lab/ada@b.c "admin"'],
    ],
  ])('%s means those of its server', async (_, all, members) => {
    expect(membersIn(await load(stream(...all)))).toEqual(members);
  });

  const messages = async (...all: readonly JsonObject[]): Promise<readonly string[]> =>
    (await messagesOf(stream(...all))).map((each) => each.replace(/^\d+:\d+ reference: /, ''));

  test('team, user and membership of different ones are refused', async () => {
    const refs = member({ name: 'lab', namespace: 'n1' }, { name: 'ada', namespace: 'n2' });
    const things = [at(team('lab'), 'p1', 'n1'), at(user('ada'), 'p2', 'n2')];
    const [noTeam, noUser] = ['Team "lab" at spec.yaml:1:1', 'User "ada" at spec.yaml:3:1'].map(
      (what) => `The ${what} has another connection.`,
    );
    expect(await messages(...things, at(refs, 'p3', 'n3'))).toEqual([noTeam, noUser]);
    expect(await messages(...things, at(refs, 'p1', 'n3'))).toEqual([noUser]);
    expect(await messages(...things, at(refs, null, 'n3'))).toEqual([noUser]);
    const listing = team('lab', { membersWithRole: [{ userEmail: 'ada@b.c' }] });
    expect(await messages(at(user('ada'), 'p1', 'n1'), at(listing, 'p2', 'n2'))).toEqual([
      'The User "ada@b.c" at spec.yaml:1:1 has another connection.',
    ]);
  });

  test('a name that several have at one of them is refused', async () => {
    const several = [at(team('lab'), 'p', 'n1'), at(team('lab'), 'p', 'n2')];
    const many = 'There is more than one Team "lab" among the resources: spec.yaml:1:1, spec.yaml:3:1.';
    expect(await messages(...several, at(user('ada', { teams: ['lab'] }), 'p', 'n3'))).toEqual([many]);
    expect(await messages(...several, at(user('ada'), 'p', 'n3'), at(called, 'p', 'n3'))).toEqual([many]);
  });

  test('a team at another one is none of a user’s', async () => {
    const { problems, notices } = await load(
      stream(at(team('lab'), 'p1', 'n'), at(user('ada', { teams: ['lab'] }), 'p2', 'n')),
    );
    expect([problems, notices.length]).toEqual(['', 1]);
    expect(notices[0]).toContain('There is no Team "lab" among the resources of the user');
  });
});

describe('what is being deleted', () => {
  const leaving = (each: JsonObject): JsonObject => ({
    ...each,
    metadata: { ...(each['metadata'] as JsonObject), deletionTimestamp: '2026-11-20T08:00:00Z' },
  });

  test.each<[string, JsonObject[], string]>([
    ['a team', [leaving(team('lab')), user('ada'), member(LAB, ADA)], 'Team'],
    ['a user', [leaving(user('ada')), team('lab'), member(LAB, ADA)], 'User'],
    ['a team of a user', [leaving(team('lab')), user('ada', { teams: ['lab'] })], 'Team'],
    ['a user of a team', [leaving(user('ada')), team('lab', { membersWithRole: [{ userEmail: 'ada@b.c' }] })], 'User'],
  ])('has no members and is none: %s', async (_, all, kind) => {
    const seen = await load(stream(...all));
    expect(membersIn(seen)).toEqual([]);
    expect(seen.notices.map((each) => each.replace(/^\d+:\d+ kubernetes: /, ''))).toEqual([
      'The resource is being deleted, so it was passed over.',
      `The ${kind} at spec.yaml:1:1 is being deleted, so the membership was passed over.`,
    ]);
  });

  test('is not meant where there is a new one of its name', async () => {
    const renewed = { ...team('lab'), metadata: { name: 'lab-2' } };
    const all = [leaving(team('lab')), renewed, user('ada', { teams: ['lab'] }), leaving(member(LAB, ADA))];
    expect(membersIn(await load(stream(...all)))).toEqual(['default lab/ada@b.c null']);
  });
});
