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
      ['1:123 reference: There is more than one Team "lab" among the resources.'],
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
      [member(LAB, ADA), member(LAB, ADA), team('lab'), user('ada')],
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
    '7:141 reference: There is no Team "other" among the resources, so the user is not made its member.',
  ]);
});
