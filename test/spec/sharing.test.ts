/** Groups, and with whom keys are shared. */
import { describe, expect, test } from 'vitest';
import { keysOf, load, messagesOf } from './load.ts';

const PEOPLE = 'Login,E-Mail,Lab\nada,ada@x.de,a\ngrace,grace@x.de,b\nzoe,zoe@x.de,a\nroot,root@x.de,\n';

const sharingOf = async (...args: Parameters<typeof load>) =>
  (await keysOf(...args)).filter(({ ref }) => ref.kind === 'key').map(({ sharing }) => sharing);

describe('shared_with', () => {
  test('names groups and users; what is not there is not managed, and what is empty is nobody', async () => {
    expect(
      await sharingOf(`groups: { lab: [ada@x.de, bob] }
defaults: { shared_with: [lab] }
keys:
  - { key_alias: k1 }
  - { key_alias: k2, shared_with: [zoe@x.de, bob, { user_id: eve }] }
  - { key_alias: k3, shared_with: [] }
  - { key_alias: k4, shared_with: null }
`),
    ).toEqual([
      { shared_with: ['lab'], groups: { lab: ['ada@x.de', 'bob'] } },
      { shared_with: ['zoe@x.de', 'bob', 'eve'], groups: {} },
      { shared_with: [], groups: {} },
      { shared_with: [], groups: {} },
    ]);
    expect(await sharingOf('keys: [{ key_alias: k }]')).toEqual([undefined]);
  });

  test('knows users by lists of users, of teams, and because keys are theirs', async () => {
    const text = `users: [{ user_id: u1 }]
teams: [{ team_alias: t, members: [{ user_id: u2 }] }]
keys:
  - { key_alias: k1, user_id: u3 }
  - { key_alias: k2, user: u1, shared_with: [u1, u2, u3] }
`;
    expect((await sharingOf(text))[1]).toEqual({ shared_with: ['u1', 'u2', 'u3'], groups: {} });
  });

  test('has the columns of a roster, and another value for one user', async () => {
    const files = {
      'spec.yaml': `groups:
  'lab-{Lab}': { roster: { file: people.csv, user: Login }, user_id: '{E-Mail}' }
keys:
  - key_alias: 'k-{user}'
    roster: [{ user: ada, Lab: a }, { user: grace, Lab: b }]
    shared_with: ['lab-{Lab}', { user_id: 'id-{user}' }]
    overrides: { grace: { shared_with: [] } }
`,
      'people.csv': PEOPLE,
    };
    expect(await sharingOf(files)).toEqual([
      { shared_with: ['lab-a', 'id-ada'], groups: { 'lab-a': ['ada@x.de', 'zoe@x.de'] } },
      { shared_with: [], groups: {} },
    ]);
  });
});

describe('a group', () => {
  const groupOf = async (group: string, name = 'g') =>
    (
      await sharingOf({
        'spec.yaml': `groups: { ${name}: ${group} }\nkeys: [{ key_alias: k, shared_with: [g] }]\n`,
        'people.csv': PEOPLE,
      })
    )[0]?.groups['g'];

  test.each([
    ['[ada, bob]', ['ada', 'bob']],
    ['{ roster: [ada, bob] }', ['ada', 'bob']],
    ['{ roster: { count: 2, domain: x.de } }', ['user1@x.de', 'user2@x.de']],
    ['{ roster: [{ user: ada, user_id: u1 }, { user: bob, user_id: "" }] }', ['u1', 'bob']],
    ['{ roster: { file: people.csv, user: Login } }', ['ada', 'grace', 'zoe', 'root']],
    ["{ roster: { file: people.csv, user: Login }, user_id: '{set}-{user}' }", ['s', 'g', 'z', 'r']],
  ])('of %s', async (group, users) => {
    const found = await groupOf(group);
    const expected = group.includes('{set}') ? ['ada', 'grace', 'zoe', 'root'].map((user) => `spec-${user}`) : users;
    expect(found).toEqual(expected);
  });

  test('has each user once, and nobody whose cell is empty', async () => {
    const text = `groups: { '{Lab}': { roster: [{ user: a, Lab: g }, { user: b, Lab: g }, { user: c, Lab: '' }], user_id: same } }
keys: [{ key_alias: k, shared_with: [g] }]
`;
    expect(await sharingOf(text)).toEqual([{ shared_with: ['g'], groups: { g: ['same'] } }]);
  });

  test('tells of users whose names differ in no more than capitals', async () => {
    const { notices, problems } = await load('groups: { g: [ada, Ada] }\nkeys: []\n');
    expect([problems, notices]).toEqual(['', [expect.stringContaining('"ada" and "Ada" are one name for many disks')]]);
  });

  test('is told of at the row of a table', async () => {
    const { problems } = await load({
      'spec.yaml': "groups: { g: { roster: { file: p.csv }, user_id: '{Id}' } }\nkeys: []\n",
      'p.csv': 'user,Id\nada,x\nbob,\n',
    });
    expect(problems).toContain('p.csv:3:1 name: The user "" is empty.');
  });
});

describe('is refused', () => {
  test.each([
    [
      'groups: { lab-a: [ada] }\nkeys: [{ key_alias: k, shared_with: [ada, lab-b] }]',
      '2:43 shared_with: There is no group or user "lab-b" in this file. Did you mean lab-a?',
    ],
    [
      'defaults: { shared_with: [crew] }\nkeys: [{ key_alias: k }]',
      '1:27 shared_with: There is no group or user "crew" in this file.',
    ],
    ['groups: { lab: [] }\nkeys: []', '1:11 group: The group "lab" has nobody in it.'],
    ["groups: { '{L}': { roster: [{ user: a, L: '' }] } }\nkeys: []", '1:11 group: The group "{L}" has nobody in it.'],
    ['groups: { lab: { roster: { count: 0 } } }\nkeys: []', '1:11 group: The group "lab" has nobody in it.'],
    ['groups: { ada: [bob], lab: [ada] }\nkeys: []', '1:11 group: The group "ada" has the name of a user.'],
    [
      'groups: { ada: [bob] }\nkeys: [{ key_alias: k, user_id: ada }]',
      '1:11 group: The group "ada" has the name of a user.',
    ],
    ['groups: { a@x.de: [bob] }\nkeys: []', '1:20 group: The group "a@x.de" has an @ in its name, as users have.'],
    ['groups: { "a ": [bob] }\nkeys: []', '1:18 name: The group "a " begins or ends with a blank.'],
    ['groups: { lab: [ada, ada] }\nkeys: []', '1:22 roster: The user "ada" is here twice, first at spec.yaml:1:17.'],
    [
      'groups: { lab: [ada], Lab: [bob] }\nkeys: []',
      '1:23 duplicate: The groups "lab" and "Lab" have one name but for capitals and the like.',
    ],
    [
      "groups: { lab: [ada], '{L}': { roster: [{ user: bob, L: lab }] } }\nkeys: []",
      '1:23 duplicate: The group "lab" is here twice.',
    ],
    [
      'groups: { lab: { roster: { count: 1, fields: all } } }\nkeys: []',
      '1:38 roster: The roster of a group says who is in it, and no fields.',
    ],
    ["groups: { '{Lab}': { roster: [ada] } }\nkeys: []", '1:20 placeholder: {Lab} is no placeholder here.'],
    [
      "groups: { lab: { roster: [ada], user_id: '{Mail}' } }\nkeys: []",
      '1:42 placeholder: {Mail} is no placeholder here.',
    ],
    ['groups: { lab: ada }\nkeys: []', '1:16 type: lab has to be a list or a mapping, but it is text.'],
    ['groups: [lab]\nkeys: []', '1:9 type: groups has to be a mapping, but it is a list.'],
    ['keys: [{ key_alias: k, shared_with: a@x.de }]', '1:37 type: shared_with has to be a list, but it is text.'],
    [
      'keys: [{ key_alias: k, shared_with: [a@x.de, b@x.de, a@x.de] }]',
      '1:54 shared_with: shared_with has "a@x.de" twice.',
    ],
    [
      'groups: { lab: [ada] }\nkeys: [{ key_alias: k, shared_with: [{ user_id: lab }] }]',
      '2:38 shared_with: "lab" is a group, and no user.',
    ],
    [
      "keys: [{ key_alias: k, roster: [{ user: a, L: '' }], shared_with: ['{L}'] }]",
      '1:68 name: The user "" is empty.',
    ],
    [
      'keys: [{ key_alias: k, roster: [a], shared_with: ["{Lab}"] }]',
      '1:51 placeholder: {Lab} is no placeholder here.',
    ],
    [
      'teams: [{ team_alias: t, shared_with: [a@x.de] }]',
      '1:26 unknown-field: Only keys are shared, so shared_with cannot be here.',
    ],
    [
      'users: [{ user_id: u, shared_with: [a@x.de] }]',
      '1:23 unknown-field: Only keys are shared, so shared_with cannot be here.',
    ],
    [
      'policies: { p: { shared_with: [a@x.de] } }\nkeys: []',
      '1:18 unknown-field: Only keys are shared, so shared_with cannot be here.',
    ],
    [
      'keys: [{ key_alias: k, extra: { shared_with: [a@x.de] } }]',
      '1:33 unknown-field: shared_with is no extra: vkeys knows it.',
    ],
  ])('%s', async (text, message) => {
    const [first, ...others] = await messagesOf(text);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  test('only where it is wrong: a group that cannot be read makes no second problem of the keys that name it', async () => {
    expect(await messagesOf('groups: { lab: [1x, ada, ada] }\nkeys: [{ key_alias: k, shared_with: [lab] }]')).toEqual([
      expect.stringContaining('"ada" is here twice'),
    ]);
  });

  test('what a server should not keep with a key, and what is too much for all of them', async () => {
    const crowd = Array.from({ length: 5000 }, (_, index) => `user${String(index)}@workshop.example.com`);
    const groups = `groups: { all: [${crowd.join(', ')}] }`;
    const [one] = await messagesOf(`${groups}\nkeys: [{ key_alias: k, shared_with: [all] }]`);
    expect(one).toMatch(/^2:37 limit: The users whom it is shared with are \d+ characters/);
    const few = `groups: { all: [${crowd.slice(0, 2500).join(', ')}] }`;
    const many = 'keys: [{ key_alias: k, roster: { count: 400 }, shared_with: [all] }]';
    expect(await messagesOf(`${few}\n${many}`)).toContainEqual(
      expect.stringContaining('more than 16 million characters'),
    );
    const rosters = Array.from(
      { length: 12 },
      (_, index) => `g${String(index)}: { roster: { count: 25000, prefix: someone-${String(index)} } }`,
    );
    expect(await messagesOf(`groups: { ${rosters.join(', ')} }\nkeys: []`)).toEqual([
      expect.stringContaining('more than 16 million characters'),
    ]);
  });
});
