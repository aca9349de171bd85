import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Json } from '../../src/base/json.ts';
import { keysOf, load, messagesOf } from './load.ts';

describe('a spec', () => {
  test('of one key manages what it says and nothing else', async () => {
    const { specs, folder } = await load('keys: [{ key_alias: a, max_budget: 5, models: null }]');
    expect(specs).toEqual([
      {
        set: 'spec',
        files: [join(folder, 'spec.yaml')],
        url: null,
        publicUrl: null,
        timeout: null,
        credential: null,
        state: 'present',
        adopt: false,
        desired: [
          {
            ref: { kind: 'key', name: 'a' },
            previously: [],
            state: 'present',
            user: null,
            settings: { max_budget: 5, models: null },
            metadata: {},
            on_expired: 'report',
            extra: {},
            placeholders: { key_alias: 'a', set: 'spec' },
            origin: { file: 'spec.yaml', line: 1, column: 8 },
          },
        ],
        deliver: [],
        ansible: null,
        isNamed: false,
        profile: null,
      },
    ]);
  });

  test('is JSON too', async () => {
    const json = JSON.stringify(
      { version: 1, set: 'j', server: { url: 'http://a' }, keys: [{ key_alias: 'a' }] },
      null,
      1,
    );
    const { specs } = await load({ 'x.json': json });
    expect(specs[0]).toMatchObject({ set: 'j', url: 'http://a', desired: [{ ref: { name: 'a' } }] });
  });

  test('gives its defaults to every key, and the nearest layer wins', async () => {
    const [near, far, user] = await keysOf(`
on_expired: recreate
on_lost: replace
defaults: { max_budget: 5, duration: 3d, metadata: { a: 1, b: { c: 1 } }, extra: { x: 1, y: 1 } }
keys:
  - { key_alias: near, max_budget: 9, duration: null, on_expired: report, on_lost: report, metadata: { b: null }, extra: { y: 2 } }
  - { key_alias: far }
  - { key_alias: k, roster: [ada], overrides: { ada: { state: absent, max_budget: 1, expires: null, on_expired: report } } }
`);
    expect(near).toMatchObject({
      settings: { max_budget: 9 },
      lifetime: 'never',
      on_expired: 'report',
      metadata: { a: 1, b: null },
      extra: { x: 1, y: 2 },
    });
    expect(far).toMatchObject({
      settings: { max_budget: 5 },
      lifetime: { duration: '3d' },
      on_expired: 'recreate',
      on_lost: 'replace',
    });
    expect(user).toMatchObject({
      state: 'absent',
      settings: { max_budget: 1 },
      lifetime: 'never',
      on_expired: 'report',
    });
  });

  test('is absent with all its keys', async () => {
    const { specs } = await load('{ state: absent, keys: [{ key_alias: a, state: present }, { key_alias: b }] }');
    expect(specs[0]?.state).toBe('absent');
    expect(specs[0]?.desired.map(({ state }) => state)).toEqual(['absent', 'absent']);
  });

  test.each([
    ['2026-12-24T18:00:00Z', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24t18:00:00.5+01:00', '2026-12-24T17:00:00.500Z'],
    ['2026-12-24 18:00 -0530', '2026-12-24T23:30:00.000Z'],
  ])('ends a key at %s', async (expires, moment) => {
    const [key] = await keysOf(`keys: [{ key_alias: a, expires: ${JSON.stringify(expires)} }]`);
    expect(key?.lifetime).toEqual({ expires: moment });
  });

  test("replaces the defaults' end by a key's own", async () => {
    const [key] = await keysOf(
      '{ defaults: { expires: 2026-12-24T18:00:00Z }, keys: [{ key_alias: a, duration: 1d }] }',
    );
    expect(key?.lifetime).toEqual({ duration: '1d' });
  });

  test('means the same in any order of its keys', async () => {
    const keys: readonly Json[] = [
      { key_alias: 'a', max_budget: 1 },
      { key_alias: 'b', roster: ['x', 'y'] },
      { key_alias: 'c-{user}', roster: { count: 3, domain: 'd.org' } },
      { key_alias: 'd', state: 'absent' },
    ];
    const inOrder = async (list: readonly Json[]) => {
      const desired = await keysOf('', { stdin: JSON.stringify({ set: 's', keys: list }), args: ['-'] });
      return desired.map((key) => ({ ...key, origin: null })).toSorted((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
    };
    const expected = await inOrder(keys);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...keys], { minLength: keys.length }), async (list) => {
        expect(await inOrder(list)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a roster', () => {
  test('by count numbers its users', async () => {
    const keys = await keysOf(`keys:
  - { key_alias: a, roster: { count: 2 } }
  - { key_alias: b, roster: { count: 2, prefix: p, start: 9, pad: 3, domain: d.org } }`);
    expect(keys.map(({ ref, settings: { user_id } }) => [ref.name, user_id])).toEqual([
      ['a-user1', undefined],
      ['a-user2', undefined],
      ['b-p009', 'p009@d.org'],
      ['b-p010', 'p010@d.org'],
    ]);
  });

  test('by list fills the columns into alias, user_id, team_id and metadata', async () => {
    const [ada, bob] = await keysOf(`keys:
  - key_alias: "{team}/{user}"
    user_id: "{email}"
    team_id: "t-{team}"
    metadata: { who: "{user} {{x}} of {set}", deep: [{ key: "{key_alias}" }, 1], seat: 3 }
    roster:
      - { user: ada, email: a@x, team: red, seat: 7, vip: true, note: null }
      - { user: bob, email: b@x, team: blue }`);
    expect(ada).toMatchObject({
      ref: { kind: 'key', name: 'red/ada' },
      user: 'ada',
      settings: { user_id: 'a@x', team_id: 't-red' },
      metadata: { who: 'ada {x} of spec', deep: [{ key: 'red/ada' }, 1], seat: 3 },
      placeholders: {
        user: 'ada',
        team: 'red',
        seat: '7',
        vip: 'true',
        note: '',
        set: 'spec',
        key_alias: 'red/ada',
        user_id: 'a@x',
      },
    });
    expect(bob?.ref.name).toBe('blue/bob');
  });

  test('has user_id from its column of that name, unless it is given, if only as null', async () => {
    const keys = await keysOf(`keys:
  - { key_alias: a, roster: [{ user: ada, user_id: u1 }] }
  - { key_alias: b, user_id: null, roster: [{ user: ada, user_id: u1 }] }
  - { key_alias: c, user_id: "x-{user}", roster: [ada] }`);
    expect(keys.map(({ settings }) => settings.user_id)).toEqual(['u1', null, 'x-ada']);
  });

  test.each([
    ['commas', '\uFEFFuser,email\r\n"ada","a,1@x"\r\n\r\nbob,b@x\r\n'],
    ['semicolons', 'user;email\nada;a,1@x\nbob;b@x'],
    ['tabs', 'user\temail\nada\ta,1@x\nbob\tb@x'],
  ])('by file reads a CSV with %s', async (_, csv) => {
    const keys = await keysOf({
      'sub/spec.yaml': 'keys: [{ key_alias: k, user_id: "{email}", roster: { file: r.csv } }]',
      'sub/r.csv': csv,
    });
    expect(keys.map(({ ref, settings }) => [ref.name, settings.user_id])).toEqual([
      ['k-ada', 'a,1@x'],
      ['k-bob', 'b@x'],
    ]);
  });

  test('by file may have one column, a domain, and a relative path that starts at the spec', async () => {
    const keys = await keysOf({
      'spec.yaml': 'keys: [{ key_alias: k, roster: { file: r.csv, domain: d.org } }]',
      'r.csv': 'user\nada',
    });
    expect(keys[0]?.settings.user_id).toBe('ada@d.org');
  });

  test.each([
    ['user,n\nada,1\nada,2', ['r.csv:3:1 roster: The user "ada" is here twice, first at r.csv:2:1.']],
    ['name,post\na,b', ['r.csv:1:1 roster: The roster has no column user. Its columns are name, post.']],
    ['', ['r.csv:1:1 roster: The roster is empty.']],
    ['user,n\nada', ['r.csv:2:1 roster: The row has 1 cells, and the header has 2.']],
    [
      'user\n"ada',
      [
        'r.csv:2:1 roster: The roster is no CSV: Quote Not Closed: the parsing is finished with an opening quote at line 2.',
      ],
    ],
    ['user,key\nada,k', ['r.csv:2:5 roster: The column key has the name of a placeholder that means something else.']],
    ['user,n\n ,1', ['r.csv:2:1 roster: A user has no name, or one with control characters.']],
  ])('says what is wrong with the CSV %j', async (csv, messages) => {
    const files = { 'spec.yaml': 'keys: [{ key_alias: k, roster: { file: r.csv } }]', 'r.csv': csv };
    expect(await messagesOf(files)).toEqual(messages);
  });

  test.each([
    ['{ prefix: p }', '1:32 roster: The roster has neither count nor file.'],
    ['{ count: 25001 }', '1:41 value: count is more than 25000.'],
    ['{ count: 1, domain: "a b" }', '1:52 value: domain is no domain.'],
    ['[{ name: ada }]', '1:33 roster: A user has no name, or one with control characters.'],
    ['[[ada]]', '1:33 type: roster[0] has to be text or a mapping, but it is a list.'],
    ['[{ user: [1] }]', '1:41 type: user has to be text or a number or true or false or null, but it is a list.'],
    ['ada', '1:32 type: roster has to be a mapping or a list, but it is text.'],
    ['{ file: no.csv }', '1:40 file: There is no file no.csv.'],
    ['{ count: 1, file: r.csv }', "1:34 roster: The roster's users come from its file, so count says nothing."],
    [
      '[{ user: a, expires: x }]',
      '1:53 roster: The column expires has the name of a placeholder that means something else.',
    ],
  ])('says what is wrong with %s', async (roster, message) => {
    const files = { 'spec.yaml': `keys: [{ key_alias: k, roster: ${roster} }]`, 'r.csv': 'user\nada' };
    expect(await messagesOf(files)).toEqual([message]);
  });

  test('is not overridden for somebody who is not in it', async () => {
    expect(
      await messagesOf(
        'keys: [{ key_alias: k, roster: [ada], overrides: { adaa: {}, ada: { duration: 1d, expires: null } } }, { key_alias: l, overrides: { x: {} } }]',
      ),
    ).toEqual([
      '1:52 override: There is no user "adaa" in the roster. Did you mean ada?',
      '1:83 lifetime: duration and expires are both here.',
      '1:133 override: There is no user "x" in the roster.',
    ]);
  });
});
