import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, messagesOf } from './load.ts';

const A = 'keys: [{ key_alias: a }]';

describe('files', () => {
  test('are sets of their own, named by themselves', async () => {
    const { specs, folder } = await load({ 'b.prod.yaml': A, 'a.yml': A, 'c.json': '{"keys": []}' });
    expect(specs.map(({ set, files }) => [set, files])).toEqual([
      ['b.prod', [join(folder, 'b.prod.yaml')]],
      ['a', [join(folder, 'a.yml')]],
      ['c', [join(folder, 'c.json')]],
    ]);
  });

  test('that name one set make one spec, each with its defaults', async () => {
    const { specs, folder } = await load({
      'one.yaml':
        'set: s\nserver: { url: http://h }\nstate: absent\nkeys: [{ key_alias: a }]\ndeliver: [{ json: x.json }]',
      'two.yaml':
        'set: s\ndefaults: { max_budget: 1 }\nkeys: [{ key_alias: b }]\n---\nset: s\nserver: { url: http://h }\nkeys: []',
    });
    const files = ['one.yaml', 'two.yaml'].map((name) => join(folder, name));
    expect(specs).toMatchObject([{ set: 's', files, url: 'http://h', state: 'present' }]);
    expect(specs[0]?.desired.map(({ ref, state, settings }) => [ref.name, state, settings])).toEqual([
      ['a', 'absent', {}],
      ['b', 'present', { max_budget: 1 }],
    ]);
    expect(specs[0]?.deliver).toHaveLength(1);
  });

  test('may not say two things about one set', async () => {
    expect(
      await messagesOf({
        'one.yaml': 'set: s\nserver: { url: http://h }\nkeys: [{ key_alias: a }]',
        'two.yaml': 'set: s\nserver: { url: http://i }\nkeys: [{ key_alias: a }]',
      }),
    ).toEqual([
      'two.yaml:2:16 server: The set has another server at one.yaml:2:16.',
      'two.yaml:3:8 duplicate: The key "a" is here a second time, first at one.yaml:3:8.',
    ]);
  });

  test.each([
    ['url', 'server'],
    ['public_url', 'public_url'],
  ])('give a set one %s, wherever they say it', async (member, name) => {
    const column = member === 'url' ? 16 : 23;
    const part = (key: string, url: string | null): string =>
      `set: s\nserver: { ${member}: ${String(url)} }\nkeys: [{ key_alias: ${key} }]\n`;
    const parts = {
      'one.yaml': part('a', null),
      'two.yaml': `${part('b', 'https://h')}---\n${part('c', 'https://i')}`,
    };
    expect(await messagesOf({ ...parts, 'three.yaml': part('d', 'https://j') })).toEqual([
      `two.yaml:6:${String(column)} server: The set has another ${name} at two.yaml:2:${String(column)}.`,
      `three.yaml:2:${String(column)} server: The set has another ${name} at two.yaml:2:${String(column)}.`,
    ]);
    const { specs } = await load({
      'one.yaml': part('a', null),
      'two.yaml': part('b', 'https://h'),
      'three.yaml': part('c', 'https://h'),
    });
    expect(specs).toMatchObject([
      { url: member === 'url' ? 'https://h' : null, publicUrl: member === 'url' ? null : 'https://h' },
    ]);
  });

  test('of other sets may say something else', async () => {
    const part = (set: string): string => `set: ${set}\nserver: { public_url: 'https://${set}' }\nkeys: []\n`;
    const { specs } = await load(`${part('a')}---\n${part('b')}`);
    expect(specs.map(({ publicUrl }) => publicUrl)).toEqual(['https://a', 'https://b']);
  });

  test('of a folder come in the order of their names, each once', async () => {
    const files = { 'd/b.yaml': A, 'd/a.json': '{"keys": []}', 'd/c.txt': '!', 'd/sub/x.yaml': '!', 'd/c.yml': A };
    const { specs, folder } = await load(files, { args: ['d', 'd/b.yaml', './d'] });
    expect(specs.map(({ files: [file] }) => file)).toEqual(
      ['d/a.json', 'd/b.yaml', 'd/c.yml'].map((name) => join(folder, name)),
    );
  });

  test('may come from stdin, with a set', async () => {
    const { specs } = await load({}, { args: ['-', '-'], stdin: `set: s\n${A}` });
    expect(specs).toMatchObject([{ set: 's', files: [] }]);
    expect(await messagesOf({}, { args: ['-'], stdin: A })).toEqual(['stdin:1:1 set: The spec has no name.']);
  });

  test('are all read before their problems are told', async () => {
    const bytes = Uint8Array.from([0x61, 0x3a, 0x20, 0xfc, 0x0a]);
    expect(
      await messagesOf(
        { 'a.yaml': 'keys: 5', 'b.yaml': bytes, 'c.yaml': '#'.padEnd(17_000_000), 'e/x.txt': '' },
        { args: ['a.yaml', 'b.yaml', 'c.yaml', 'no.yaml', 'e', 'a.yaml/x'] },
      ),
    ).toEqual([
      'e:1:1 file: The folder e has no spec in it.',
      'a.yaml:1:7 type: keys has to be a list, but it is 5.',
      'b.yaml:1:4 file: b.yaml is no UTF-8 from here on: it looks like Windows-1252, as Excel saves "CSV".',
      'c.yaml:1:1 file: c.yaml is bigger than 16 MB.',
      'no.yaml:1:1 file: There is no file no.yaml.',
      expect.stringMatching(/^a\.yaml\/x:1:1 file: a\.yaml\/x cannot be read: .*ENOTDIR/),
    ]);
  });
});
