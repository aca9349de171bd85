/** Names stay as they are written, and what is no name is not taken for one. */
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { keysOf, load, messagesOf } from './load.ts';

const NUMBERS = ['0123456', '1e3', '0x1F', '0o17', '1.10', '12345678901234567890', '+5', '-0', '.5', '5.', '7', '.inf'];

describe('a name without quotes', () => {
  test.each([...NUMBERS, 'true', 'True', 'FALSE'])('stays as it is written: %s', async (name) => {
    const [list, column, id] = await keysOf(`defaults: { team_id: ${name} }
set: ${name.startsWith('+') ? 's' : name}
keys:
  - { key_alias: list, roster: [${name}], overrides: { ${name}: { user_id: ${name} } } }
  - { key_alias: '{user}-{n}', roster: [{ user: ${name}, n: ${name} }], previously: 'old-{n}' }
  - { key_alias: ${name}, previously: [${name === '7' ? '8' : `${name}0`}] }
  - { key_alias: prefix, roster: { count: 1, prefix: ${name}, pad: 2 } }`);
    expect(list).toMatchObject({
      user: name,
      settings: { user_id: name, team_id: name },
      ref: { name: `list-${name}` },
    });
    expect(column?.ref.name).toBe(`${name}-${name}`);
    expect(id?.ref.name).toBe(name);
  });

  test('may come from a variable', async () => {
    for (const ID of NUMBERS) {
      const [key] = await keysOf(
        'set: s\nkeys: [{ key_alias: a, user_id: "x" }]\n---\nset: t\nkeys:\n- key_alias: b\n  user_id: ${ID}',
        {
          env: { ID },
        },
      ).then((keys) => keys.slice(1));
      expect(key?.settings['user_id']).toBe(ID);
    }
  });

  test('that is null is none', async () => {
    expect(await messagesOf('keys: [{ key_alias: a, roster: [{ user: null }] }]')).toEqual([
      '1:41 roster: A user has no name, or one with control characters.',
    ]);
    const [key] = await keysOf('keys: [{ key_alias: a, user_id: null }]');
    expect(key?.settings).toEqual({ user_id: null });
  });

  test('of a member stays, too', async () => {
    const [key] = await keysOf(
      'keys: [{ key_alias: a, metadata: { 0123: a, 1.10: b, 12345678901234567890: c, True: d, ~: e } }]',
    );
    expect(Object.keys(key?.metadata ?? {}).toSorted()).toEqual(['0123', '1.10', '12345678901234567890', 'True', '~']);
  });
});

describe('a number of the metadata', () => {
  test.each(NUMBERS.filter((name) => name !== '7' && name !== '.inf'))(
    'that would be written otherwise is an error: %s',
    async (written) => {
      const places = [
        'defaults: { metadata: { id: X } }\nkeys: []',
        'keys: [{ key_alias: a, metadata: { a: [{ id: X }] } }]',
      ];
      for (const text of [
        ...places,
        'keys: [{ key_alias: a, roster: [u], overrides: { u: { metadata: { id: X } } } }]',
      ]) {
        const { problems } = await load(text.replace('X', written));
        expect(problems).toContain(`"${written}"`);
        expect(problems).toContain('put it in quotes');
      }
    },
  );

  test('stays a number where it is written as one, and always in JSON', async () => {
    const [key] = await keysOf(
      'keys: [{ key_alias: a, metadata: { a: 5, b: -1.5, c: 0, d: "0123" }, extra: { e: 1.0 } }]',
    );
    expect(key).toMatchObject({ metadata: { a: 5, b: -1.5, c: 0, d: '0123' }, extra: { e: 1 } });
    const [json] = await keysOf({ 'a.json': '{"keys": [{"key_alias": "a", "metadata": {"a": 1.0, "b": 1e3}}]}' });
    expect(json?.metadata).toEqual({ a: 1, b: 1000 });
  });

  test('is never another one', async () => {
    const written = fc.stringMatching(/^[-+]?[0-9]{1,22}(\.[0-9]{0,4})?(e[-+]?[0-9]{1,3})?$/);
    await fc.assert(
      fc.asyncProperty(written, async (text) => {
        const { specs } = await load(`keys: [{ key_alias: a, metadata: { id: ${text} }, user_id: ${text} }]`);
        for (const { metadata, settings } of specs.flatMap(({ desired }) => desired))
          expect([JSON.stringify(metadata['id']), settings['user_id']]).toEqual([text, text]);
      }),
      { numRuns: 100 },
    );
  });

  test('of a variable is not shown', async () => {
    const text = 'keys:\n- key_alias: a\n  metadata:\n    id: ${X}\n';
    const { problems } = await load(text, { env: { X: '1.10' } });
    expect(problems).toContain('"${X}" without quotes is a number, and would become another text.');
    expect(problems).not.toContain('1.1');
  });
});

describe('a text that begins with a brace', () => {
  test.each([
    ['user_id: {email}', "If it is a text, put it in quotes: '{email}'."],
    ['user_id: {Student ID}', "If it is a text, put it in quotes: '{Student ID}'."],
    ['models: [{model}]', "If it is a text, put it in quotes: '{model}'."],
    ['metadata: { a: { b: {email} } }', "If it is a text, put it in quotes: '{email}'."],
    ['user_id: {user}@example.com', "A text with {…} or ${…} in it needs quotes around it, like 'lab-{user}'."],
    ['user_id: lab-{user}', "A text with {…} or ${…} in it needs quotes around it, like 'lab-{user}'."],
    ['user_id: {{user}}', 'A text that begins with {{ or [ needs quotes around it.'],
  ])('is to be put in quotes: %s', async (member, hint) => {
    const lines = `keys:\n- key_alias: a\n  roster: [u]\n  ${member}`;
    if (!member.includes('lab-')) expect((await load(lines)).problems).toContain(hint);
    expect((await load(`keys: [{ key_alias: a, ${member} }]`)).problems).toContain(hint);
  });
});

describe('what was pasted out of a page', () => {
  const BLANKS = 'There is a no-break space or the like, which is a part of the text to YAML.';
  const quotes = (text: string) => `To YAML, the quotes of ${text} are a part of the text.`;

  test.each<[string, readonly string[]]>([
    ['set: t\nkeys:\n\u00A0\u00A0- key_alias: a', [`3:1 yaml: ${BLANKS}`]],
    ['set: t\nkeys:\n- key_alias:\u00A0a', [`3:3 yaml: ${BLANKS}`]],
    ['set: t\nkeys:\n- key_alias: a\n  \u2003max_budget: 3', [`4:3 yaml: ${BLANKS}`]],
    ['keys: [{ key_alias: “a” }]', [`1:21 yaml: ${quotes('“a”')}`]],
    ['keys: [{ key_alias: a, models: [‘m’, „n“] }]', [`1:33 yaml: ${quotes('‘m’')}`, `1:38 yaml: ${quotes('„n“')}`]],
    ['keys: [{ key_alias: a, metadata: { «b»: c } }]', [`1:36 yaml: ${quotes('«b»')}`]],
  ])('is named: %j', async (text, messages) => {
    expect(await messagesOf(text)).toEqual(expect.arrayContaining([...messages]));
  });

  test.each(['"“a”"', "'‘a’'", 'a “b” c', 'a\u00A0b', '"a:\u00A0b"'])('may be meant: %s', async (alias) => {
    expect(await messagesOf(`keys: [{ key_alias: ${alias} }]`)).toEqual([]);
  });

  test('and an address in the place of a file', async () => {
    const { problems } = await load('keys: [{ key_alias: a, roster: { file: "https://docs.example.com/sheet" } }]');
    expect(problems).toContain('That is an address, and files are read: save what is there');
  });
});

test('what comes from quotes that are missing is not told beside it', async () => {
  const line = 'set: a\nkeys: [{ key_alias: d-{user}, roster: [a] }]';
  expect(await messagesOf(line)).toEqual(['2:23 yaml: Unexpected flow-map-start at node end.']);
  expect((await messagesOf(`${line}\n---\nkeys: [{ key_alias: ]`)).length).toBeGreaterThan(1);
});

describe('what is written in the place of something else is named', () => {
  test.each([
    [
      'keys: [{ key_alias: a, roster: people.csv }]',
      'Write roster: {file: people.csv}, {count: 25}, or a list of users.',
    ],
    ['keys: [{ key_alias: a, roster: "ada, bob" }]', 'Write roster: {file: attendees.csv}, {count: 25}'],
    ['user,name\nada,Ada\n', 'If it is a roster, name it in a spec: keys: [{key_alias: lab, roster: {file: …}}]'],
    ['just words', '`vkeys init -` prints a spec'],
  ])('%j', async (text, hint) => {
    expect((await load(text)).problems).toContain(hint);
  });
});

test('what could not be read is told once', async () => {
  expect(await messagesOf('keys: [{ key_alias: {user} }]')).toEqual(['1:21 yaml: To YAML, {user} is a mapping.']);
  expect(await messagesOf('keys: [{ key_alias: !secret a, max_budget: 1e999 }]')).toEqual([
    '1:29 yaml: The tag "!secret" is not known here.',
    expect.stringContaining('1:44 number: No number here can be as long'),
  ]);
});

describe('a length of time', () => {
  test('and a moment are written as such', async () => {
    expect((await load('keys: [{ key_alias: a, expires: 20261129 }]')).problems).toContain('like 2026-12-24T18:00:00Z');
  });

  test.each(['duration', 'budget_duration', 'rotation_interval'])('%s has a unit', async (name) => {
    const { problems } = await load(`keys: [{ key_alias: a, ${name}: 3 }]`);
    expect(problems).toContain(`${name} has to be text`);
    expect(problems).toContain('Did you mean 3d?');
  });
});
