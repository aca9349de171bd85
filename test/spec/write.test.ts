/** Specs that are written: what the reader makes of them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { uuidOf } from '../../src/base/uuid.ts';
import { yamlText } from '../../src/encode/yaml.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { loadSpecs } from '../../src/spec/load.ts';
import { documentOf } from '../../src/spec/write/document.ts';
import { folded } from '../../src/spec/write/fold.ts';
import { specText } from '../../src/spec/write/text.ts';
import { after, live } from '../support/make.ts';

async function readAll(text: string): Promise<readonly Desired[]> {
  const { specs, diagnostics } = await loadSpecs(['-'], { cwd: '/', env: {}, readStdin: () => Promise.resolve(text) });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return specs.flatMap(({ desired }) => desired);
}

/** What is asked for, whatever the words. */
async function meaning(document: JsonObject): Promise<readonly unknown[]> {
  const all = await readAll(yamlText(document));
  return all
    .map(({ ref, settings, lifetime, metadata, names }) => ({ ref, settings, lifetime, metadata, names }))
    .toSorted((a, b) => (a.ref.kind + a.ref.name < b.ref.kind + b.ref.name ? -1 : 1));
}

const name = fc.oneof(
  fc.tuple(fc.constantFrom('lab-user', 'lab-', 'x', 'a/b-p'), fc.nat(12)).map(([head, n]) => `${head}${String(n)}`),
  fc.tuple(fc.constantFrom('u', 'p-'), fc.nat(12)).map(([head, n]) => `${head}${String(n).padStart(2, '0')}@x.org`),
  fc.constantFrom('7', 'one', '{{user}}1'),
);
const fields = fc.record(
  {
    max_budget: fc.constantFrom(5, 5, 5, 20),
    models: fc.constantFrom(['a'], ['a'], ['{{user}}']),
    user_id: fc.constantFrom('ada', '{{user}}@x'),
    expires: fc.constantFrom(null, '2026-12-24T10:00:00.000Z'),
    metadata: fc.record({ course: fc.constantFrom('x', 'x', 'y'), seat: fc.nat(1) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
/** Things with names of their own; some have theirs in a field. */
const items = (naming: string) =>
  fc
    .uniqueArray(fc.tuple(name, fields, fc.constantFrom(null, '', '@lab.org')), {
      selector: ([one]) => one,
      maxLength: 16,
    })
    .map((all) =>
      all.map(([one, more, mail]) => ({
        ...(naming === 'key_alias' ? more : {}),
        ...(mail === null || naming !== 'key_alias' ? {} : { user_id: `${one.replace(/^.*-/, '')}${mail}` }),
        [naming]: one,
      })),
    );

describe('a document in fewer words', () => {
  it('asks for the same', async () => {
    await fc.assert(
      fc.asyncProperty(items('key_alias'), items('user_id'), items('user_id'), async (keys, users, members) => {
        const teams = [{ team_alias: 'lab', members }, { team_alias: 'none' }];
        const document: JsonObject = {
          set: 's',
          users: users.map((user, index) => ({ ...user, max_budget: index % 5 === 0 ? 1 : 2 })),
          teams,
          keys,
        };
        expect(await meaning(folded(document))).toEqual(await meaning(document));
      }),
      { numRuns: 25 },
    );
  });

  it('has a roster for names that are counted, and defaults for what most have', () => {
    const key = (number: string, max_budget: number) => ({
      key_alias: `lab-p${number}`,
      models: ['a'],
      user_id: `p${number}@x.org`,
      max_budget,
      metadata: { course: 'x', seat: `seat of p${number}` },
    });
    const keys = [key('08', 5), key('09', 20), key('10', 5), { ...key('12', 5), key_alias: 'solo' }];
    expect(folded({ set: 's', budgets: [], groups: {}, keys })).toEqual({
      set: 's',
      groups: {},
      budgets: [],
      defaults: { models: ['a'], max_budget: 5, metadata: { course: 'x' } },
      keys: [
        {
          key_alias: 'lab',
          roster: { count: 3, prefix: 'p', start: 8, pad: 2 },
          user_id: '{user}@x.org',
          metadata: { seat: 'seat of {user}' },
          overrides: { p09: { max_budget: 20 } },
        },
        { key_alias: 'solo', user_id: 'p12@x.org', metadata: { seat: 'seat of p12' } },
      ],
    });
  });
});

const thing = (kind: string, name_: string, more: Partial<Live> = {}): Live => ({
  ...live({ name: name_, mark: null, metadata: {}, id: name_ }),
  kind,
  ...more,
});

/** The document as it is read again, and what is said to be left out. */
async function written(lives: readonly Live[], isFolded = false): Promise<{ document: JsonObject; left: string[] }> {
  const { document, left } = await documentOf('lab', lives, isFolded);
  await readAll(specText([document], ['of a test']));
  return { document, left: left.map(({ message }) => message) };
}

it('counts from one, users called user', () => {
  const keys = ['user1', 'user2', 'user3', 'user5', 'user07'].map((key_alias) => ({ key_alias }));
  expect(folded({ set: 's', keys: keys.slice(0, 4) })['keys']).toEqual([
    { key_alias: '{user}', roster: { count: 3 } },
    { key_alias: 'user5' },
  ]);
  expect(folded({ set: 's', keys: keys.slice(2) })['keys']).toEqual(keys.slice(2));
});

it('folds only what is one crowd, and differs in little', () => {
  const seats = (of: (index: number) => JsonObject): readonly JsonObject[] => [1, 2, 3].map((index) => of(index));
  const fold = (keys: readonly JsonObject[]) => folded({ set: 's', keys })['keys'];
  const different = seats((index) => ({ key_alias: `a-p${String(index)}`, max_budget: index }));
  expect(fold(different)).toEqual(different);
  expect(
    fold(seats((index) => ({ key_alias: `a-p${String(index)}`, ...(index === 2 ? { metadata: { x: 1 } } : {}) }))),
  ).toEqual([{ key_alias: 'a', roster: { count: 3, prefix: 'p' }, overrides: { p2: { metadata: { x: 1 } } } }]);
  expect(fold(seats((index) => ({ key_alias: `-${String(index + 4)}.x` })))).toEqual([
    { key_alias: '-{user}.x', roster: { count: 3, prefix: '', start: 5 } },
  ]);
  const members = seats((index) => ({ user_id: `m${String(index)}`, ...(index === 1 ? { role: 'admin' } : {}) }));
  expect(folded({ set: 's', teams: [{ team_alias: 't', members }], keys: [] })['teams']).toEqual([
    { team_alias: 't', members },
  ]);
});

describe('the document of live things', () => {
  it('has people, and members in their teams', async () => {
    const member = (user_id: string, role: string): Live =>
      thing('member', `research/${user_id}`, { settings: { team_id: 't1', user_id, role, max_budget_in_team: 3 } });
    const { document, left } = await written([
      thing('key', 'b', { settings: { team_id: 't1' }, expires: after(3600) }),
      thing('team', 'research', { id: 't1', metadata: { team_member_budget_id: 'x' } }),
      thing('team', 'empty', { id: uuidOf('team', 'lab', 'empty') }),
      member('ada', 'admin'),
      member('bob', 'user'),
      thing('user', 'ada', { settings: { user_email: 'ada@x.org' } }),
      thing('budget', 'frugal', { settings: { max_budget: 1 } }),
    ]);
    expect({ document, left }).toEqual({
      left: [],
      document: {
        version: 1,
        set: 'lab',
        budgets: [{ budget_id: 'frugal', max_budget: 1 }],
        users: [{ user_id: 'ada', user_email: 'ada@x.org' }],
        teams: [
          { team_alias: 'empty' },
          {
            team_alias: 'research',
            team_id: 't1',
            members: [
              { user_id: 'ada', role: 'admin', max_budget_in_team: 3 },
              { user_id: 'bob', max_budget_in_team: 3 },
            ],
          },
        ],
        keys: [{ key_alias: 'b', team_id: 't1', expires: after(3600) }],
      },
    });
  });

  it('has with whom keys are shared, and says where a group is two', async () => {
    const shared = (name_: string, users: readonly string[]): Live => {
      const mark = { set: 'lab', name: name_ };
      return thing('key', name_, {
        mark,
        metadata: { vkeys: { ...mark, shared_with: ['crew', 'eve'], groups: { crew: users } } },
      });
    };
    const { document, left } = await written([shared('a', ['ada']), shared('b', ['ada']), shared('c', ['bob'])]);
    const opens = { set: 'lab', name: 'o', opens: after(60) };
    const opening = await written([thing('key', 'o', { mark: opens, metadata: { vkeys: opens } })]);
    expect(opening.document['keys']).toMatchObject([{ opens: after(60) }]);
    expect(document['groups']).toEqual({ crew: ['ada'] });
    expect(document['keys']).toMatchObject([{ shared_with: ['crew', { user_id: 'eve' }] }, {}, {}]);
    expect(left).toEqual(['It was shared with other users as the group crew than another key.']);
  });

  it('has no secret, and says what it leaves out', async () => {
    const { document, left } = await written([
      thing('key', 'a', {
        settings: { config: { api_key: 'hunter2' }, max_budget: 5 },
        metadata: {
          password: 'hunter2',
          notes: 'sk-0123456789abcdef0123',
          fine: 1,
          vkeys: { hidden: ['env'] },
          env: 'x',
        },
        extra: { token: 'hunter2', fine: 2 },
      }),
    ]);
    expect(document['keys']).toEqual([
      { key_alias: 'a', max_budget: 5, expires: null, metadata: { fine: 1 }, extra: { fine: 2 } },
    ]);
    expect(left).toEqual([
      'config has a secret in it, so it is not in the spec.',
      'metadata.password has a secret in it, so it is not in the spec.',
      'metadata.notes has a secret in it, so it is not in the spec.',
      'metadata.env has a secret in it, so it is not in the spec.',
      'token has a secret in it, so it is not in the spec.',
    ]);
  });

  it('leaves out what no spec can name', async () => {
    const { document, left } = await written([
      thing('key', 'no name', { name: null, id: 'hash', key_name: 'sk-...abcd' }),
      thing('team', 'no name', { name: null, id: 't2' }),
      thing('key', ' blank'),
      thing('key', 'twice', { id: '1' }),
      thing('key', 'twice', { id: '2', key_name: 'sk-...2222' }),
      thing('key', 'e\u0301'),
    ]);
    expect(document['keys']).toEqual([{ key_alias: 'twice', expires: null }]);
    expect(left.toSorted()).toEqual([
      ' blank: it has a name that no spec may give, so it is not in the spec.',
      'e\u0301 (key e\u0301) has a name that no spec may give, so it is not in the spec.',
      'sk-...abcd hash has no name, so it is not in the spec.',
      'team t2 has no name, so it is not in the spec.',
      'twice (sk-...2222 2) has a name that an older one has too, so it is not in the spec.',
    ]);
  });

  it('leaves out single values that no spec may say', async () => {
    const settings = { budget_duration: 'monthly', team_id: 't1', max_budget: 5 };
    const { document, left } = await written([
      thing('key', 'a', { settings, metadata: { service_account_id: 'a', '{x}': 1, fine: 2 } }),
      thing('key', 'b', { settings: { max_budget: -1, team_id: '' }, metadata: { '{x}': 1 } }),
      thing('key', 'c'),
      thing('user', 'ada', { settings: { budget_duration: 'daily' } }),
      thing('team', 'research', { id: 't1', settings: { budget_duration: 'daily' } }),
      thing('member', 'research/ada', { settings: { team_id: 't1', user_id: 'ada', budget_duration: 'daily' } }),
    ]);
    expect(document['keys']).toEqual([
      { key_alias: 'a', max_budget: 5, team_id: 't1', expires: null, metadata: { service_account_id: 'a', fine: 2 } },
      { key_alias: 'b', expires: null },
      { key_alias: 'c', expires: null },
    ]);
    expect(document['teams']).toEqual([{ team_alias: 'research', team_id: 't1', members: [{ user_id: 'ada' }] }]);
    expect(left.map((line) => line.replace(/ has a value .*/, ''))).toEqual([
      'ada: budget_duration',
      'research: budget_duration',
      'ada: budget_duration',
      'a: metadata.{x}',
      'a: budget_duration',
      'b: metadata.{x}',
      'b: max_budget',
      'b: team_id',
    ]);
  });

  it('has lengths of time where they are counted from the creation, in few words', async () => {
    const ends: readonly (readonly [string, number | null, string | null])[] = [
      ['a', 2 * 86_400 + 20, after(0)],
      ['b', 7200, after(0)],
      ['c', 90 * 60, after(0)],
      ['d', 7201.5, after(0)],
      ['e', 99, null],
      ['f', null, after(0)],
      ['g', 10, after(0)],
      ['h', 3600, after(0)],
      ['i', 3600, after(0)],
    ];
    const keys = ends.map(([one, end, created_at]) =>
      thing('key', one, { created_at, expires: end === null ? null : after(end) }),
    );
    const all = await readAll(specText([(await written(keys, true)).document], []));
    expect(all.map(({ lifetime }) => lifetime)).toEqual([
      { duration: '2d' },
      { duration: '2h' },
      { duration: '90m' },
      { duration: '2h' },
      { expires: after(99) },
      'never',
      { expires: after(10) },
      { expires: after(3600) },
      { expires: after(3600) },
    ]);
  });

  it('has nothing of a kind that no spec has', async () => {
    await expect(documentOf('lab', [thing('desk', 'd')], false)).rejects.toThrow('no spec has desks');
  });
});
