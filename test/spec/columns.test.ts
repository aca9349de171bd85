/** Columns of a roster that are fields, and placeholders in all that is text. */
import { describe, expect, test } from 'vitest';
import { keysOf, load, messagesOf } from './load.ts';

const files = (csv: string, fields: string, more = '') => ({
  'spec.yaml': `time_zone: Europe/Berlin
defaults: { max_budget: 5, models: [m] }
keys: [{ key_alias: k, roster: { file: r.csv, fields: ${fields} }${more} }]`,
  'r.csv': csv,
});

describe('a column that is a field', () => {
  const csv = `user,max_budget,models,duration,rpm_limit,blocked,team_id,note
ada,12.5,a b|c,30d,10,TRUE,red,x
bob,,,,,,,y
`;

  test("is each user's own value; an empty cell is the default, and an override is nearer", async () => {
    const more = ', overrides: { ada: { rpm_limit: 1 } }';
    for (const fields of ['all', '[max_budget, models, duration, rpm_limit, blocked, team_id]']) {
      const [ada, bob] = await keysOf(files(csv, fields, more));
      expect(ada).toMatchObject({
        settings: { max_budget: 12.5, models: ['a', 'b', 'c'], rpm_limit: 1, blocked: true, team_id: 'red' },
        lifetime: { duration: '30d' },
      });
      expect(bob?.settings).toEqual({ max_budget: 5, models: ['m'] });
      expect(bob).not.toHaveProperty('lifetime');
    }
  });

  test('is only that which is named, and stays a placeholder', async () => {
    const [ada] = await keysOf(files(csv, '[rpm_limit]', ", metadata: { budget: '{max_budget}', rpm: '{rpm_limit}' }"));
    expect(ada).toMatchObject({ settings: { max_budget: 5, rpm_limit: 10 }, metadata: { budget: '12.5', rpm: '10' } });
  });

  test('may be written as a title, and be the end of a day', async () => {
    const [ada] = await keysOf(files('User,Max Budget,expires\nada,3,2026-11-29', 'all'));
    expect(ada).toMatchObject({ settings: { max_budget: 3 }, lifetime: { expires: '2026-11-29T22:59:59.000Z' } });
    expect(ada?.placeholders).not.toHaveProperty('expires');
  });

  test('has values, no templates', async () => {
    const [ada] = await keysOf(files('user,models,user_id\nada,{x} {user},{y}', 'all'));
    expect(ada?.settings).toMatchObject({ models: ['{x}', '{user}'], user_id: '{y}' });
  });

  test.each([
    ['max_budget', '"12,5"', 'max_budget has to be a number, but it is "12,5".', 'Write the number alone'],
    ['max_budget', '5 €', 'max_budget has to be a number, but it is "5 €".', 'Write the number alone'],
    ['max_budget', '-1', 'max_budget has to be a number, but it is "-1".', 'Write the number alone'],
    ['rpm_limit', '1.5', 'rpm_limit has to be a whole number, but it is 1.5.', 'rpm_limit: requests a minute.'],
    ['rpm_limit', '9007199254740993', 'rpm_limit has to be a number, but it is', 'Write the number alone'],
    ['blocked', 'yes', 'blocked has to be true or false, but it is "yes".', 'Write true or false'],
    ['models', '"a,b"', 'models has to be a list, but it is "a,b".', 'Put blanks or | between'],
    ['duration', '3', 'duration "3" is no duration.', 'Did you mean 3d?'],
    ['expires', 'soon', 'expires "soon" is no moment.', 'Write the day, the time and its zone'],
  ])('%s is checked where it stands: %s', async (name, cell, message, hint) => {
    const { problems } = await load(files(`user,n,${name}\nada,1,\nbob,"2",${cell}`, `[${name}]`));
    expect(problems).toContain(`r.csv:3:9 `);
    expect(problems).toContain(message);
    expect(problems).toContain(hint);
  });

  test('may not say two things of the end', async () => {
    expect(await messagesOf(files('user,duration,expires\nada,1d,2026-11-29', 'all'))).toEqual([
      'r.csv:2:8 lifetime: duration and expires are both here.',
    ]);
  });

  test.each([
    ['[max_budgt]', '3:56 roster: "max_budgt" is no field that a column can be. Did you mean max_budget?'],
    ['[aliases]', '3:56 roster: aliases does not fit into a cell.'],
    ['[tpm_limit]', '3:56 roster: The roster has no column tpm_limit. The columns of r.csv are user, rpm_limit.'],
    ['some', '3:55 value: fields has to be all.'],
  ])('is one: %s', async (fields, message) => {
    expect(await messagesOf(files('user,rpm_limit\nada,1', fields))).toEqual([message]);
  });

  test.each([
    ['all', '3:55', 'max_budget,max_budget', '"max_budget" (number 2), "max_budget" (number 3)'],
    ['[max_budget]', '3:56', 'max_budget,Max Budget', '"max_budget" (number 2), "Max Budget" (number 3)'],
    ['all', '3:55', 'MAX-BUDGET,Max Budget', '"MAX-BUDGET" (number 2), "Max Budget" (number 3)'],
  ])('may not be there twice: %s', async (fields, at, header, which) => {
    expect(await messagesOf(files(`user,${header}\nada,1,2`, fields))).toEqual([
      `${at} roster: Several columns of r.csv are max_budget: ${which}.`,
    ]);
  });

  test('and is not used as one is told, unless a template names it', async () => {
    const roster = 'keys: [{ key_alias: k, roster: { file: r.csv }';
    const rows = { 'r.csv': 'user,max_budget,user_id,Name\nada,1,u,x' };
    expect((await load({ 'spec.yaml': `${roster} }]`, ...rows })).notices).toEqual([
      'r.csv:2:5 column: The column max_budget has the name of a field, and does nothing.',
    ]);
    const two = { 'r.csv': 'user,max_budget,Models\nada,1,x' };
    expect((await load({ 'spec.yaml': `${roster} }]`, ...two })).notices).toEqual([
      'r.csv:2:5 column: The columns max_budget, Models have the names of fields, and do nothing.',
    ]);
    const used = `${roster}, metadata: { b: '{max_budget}' } }]`;
    expect((await load({ 'spec.yaml': used, ...rows })).notices).toEqual([]);
    expect((await load('keys: [{ key_alias: k, roster: [{ user: ada, tags: x }, bob] }]')).notices).toEqual([
      '1:52 column: The column tags has the name of a field, and does nothing.',
    ]);
  });
});

describe('placeholders', () => {
  const roster = "roster: [{ user: ada, model: m1, team: red, n: '' }]";
  const key = (members: string) => `keys: [{ key_alias: k, ${roster}, ${members} }]`;

  test('work inside lists and mappings, and in every text', async () => {
    const [ada] = await keysOf(
      key(`models: ['{model}', 'x{{y}}', z], tags: ['{team}'], organization_id: 'o-{team}', budget_id: '{user}',
  aliases: { fast: '{model}' }, budget_limits: [{ id: '{team}' }], extra: { a: ['{user}'], b: 1 }`),
    );
    expect(ada).toMatchObject({
      settings: {
        models: ['m1', 'x{y}', 'z'],
        tags: ['red'],
        organization_id: 'o-red',
        budget_id: 'ada',
        aliases: { fast: 'm1' },
        budget_limits: [{ id: 'red' }],
      },
      extra: { a: ['ada'], b: 1 },
    });
  });

  test.each([
    ['models: ["{modl}"]', 'placeholder: {modl} is no placeholder here. Did you mean model?'],
    ['extra: { a: "{usr}" }', 'placeholder: {usr} is no placeholder here. Did you mean user?'],
    ['models: ["{n}"]', 'placeholder: models would be empty for the user "ada".'],
    ['user_id: "{n}"', 'placeholder: user_id would be empty for the user "ada".'],
    ['metadata: { a: [{ "{user}": 1 }] }', 'placeholder: {user} cannot be in a name.'],
    ['aliases: { "{user}": a }', 'placeholder: {user} cannot be in a name.'],
    ['extra: { "{user}": a }', 'placeholder: {user} cannot be in a name.'],
    ['max_budget: "{n}"', 'type: max_budget has to be a number, but it is text.'],
    ['blocked: "{n}"', 'type: blocked has to be true or false, but it is text.'],
    ['duration: "{n}"', 'value: duration "{n}" is no duration.'],
    ['expires: "{n}"', 'value: expires "{n}" is no moment.'],
    ['models: "{n}"', 'type: models has to be a list, but it is text.'],
  ])('are an error where they cannot be: %s', async (members, message) => {
    expect((await messagesOf(key(members))).map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([message]);
  });

  test.each(['max_budget', 'duration', 'expires', 'models'])(
    'are answered with the column that %s can be',
    async (name) => {
      expect((await load(key(`${name}: "{n}"`))).problems).toContain(
        `No placeholder can be here. A column of the roster can be the field: roster: {file: …, fields: [${name}]}.`,
      );
    },
  );

  test.each([
    [
      'keys: [{ key_alias: k, roster: { count: 1, prefix: "{set}-" } }]',
      '1:52 value: prefix cannot have a placeholder in it.',
    ],
    ['keys: [{ key_alias: k, roster: { count: 1, domain: "{set}.org" } }]', '1:52 value: domain is no domain.'],
    ['{ server: { url: "http://h/{user}" }, keys: [] }', '1:18 value: url is no address.'],
  ])('are an error in what is the same for all: %s', async (text, message) => {
    expect(await messagesOf(text)).toEqual([message]);
  });

  test('may be no key without a roster', async () => {
    expect(await messagesOf('keys: [{ key_alias: k, models: ["${X:-}"] }]')).toEqual([
      '1:33 value: models[0] is empty.',
    ]);
  });
});
