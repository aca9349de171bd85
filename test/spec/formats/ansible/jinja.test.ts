import { describe, expect, test } from 'vitest';
import { load, messagesOf } from '../../load.ts';

const HEAD = 'litellm_vkey_alias: ws\nlitellm_vkey_models: [m]\n';
const ENV = { NAME: 'ada', EMPTY: '', BRACES: '{{ lookup(1) }}' };

/** What becomes of a member of the metadata, where it can be filled in. */
async function filled(value: string, others: string): Promise<unknown> {
  const { specs, problems } = await load(`${HEAD}litellm_vkey_metadata:\n  x: ${value}\n${others}`, { env: ENV });
  return specs[0]?.desired[0]?.metadata['x'] ?? problems;
}

/** Beyond what is read here. */
const OTHER = [
  '{{ a',
  '{{ }}',
  '{{ a b }}',
  '{{ a. }}',
  '{{ a.1 }}',
  '{{ a[b] }}',
  '{{ a[1 }}',
  '{{ a[ }}',
  '{{ a["b" }}',
  '{{ a ? b }}',
  '{{ | }}',
  '{{ a | }}',
  '{{ a ~ }}',
  '{{ a > }}',
  '{{ (a }}',
  '{{ ( }}',
  `{{ ${'('.repeat(200)}a }}`,
  '{{ a | upper }}',
  '{{ a | default( }}',
  '{{ a | default(b }}',
  '{{ a | default(b, ) }}',
  '{{ text | int(5) }}',
  '{{ range(1) }}',
  '{{ query(1) }}',
  "{{ lookup('file', 'x') }}",
  "{{ lookup('env', x) }}",
  "{{ lookup('env') }}",
  '{{ lookup( }}',
  "{{ lookup('env', 'X', 'Y') }}",
  "{{ lookup('env', 'X', default='a' }}",
  "{{ lookup('env', 'X', default=) }}",
  '{{ 12345678901234567890 }}',
  "{{ 'a' + 1 }}",
  "{{ 1 + 'a' }}",
  '{{ 1 + 1 }}',
  "{{ 'a' > 1 }}",
  "{{ 1 > 'a' }}",
  '{{ list }}!',
  "{{ list ~ 'a' }}",
  "{{ 'a' ~ list }}",
  '{{ list | string }}',
];

describe('Jinja', () => {
  test.each([
    ['"{{ litellm_vkey_alias }}"', 'ws'],
    ['"{{litellm_vkey_alias}}-{{- litellm_vkey_duration -}}!"', 'ws-30d!'],
    ['"{{ team }}"', 'red', 'team: red'],
    ['"{{ team.name }} {{ team[\'name\'] }} {{ list[1] }}"', 'red red b', 'team: { name: red }\nlist: [a, b]'],
    ['"{{ one }}"', 'ws', 'one: "{{ two }}"\ntwo: "{{ litellm_vkey_alias }}"'],
    ['"{{ list }}"', ['a', 'ws'], 'list: [a, "{{ litellm_vkey_alias }}"]'],
    ['"{{ map }}"', { a: { b: 'ws' } }, 'map: { a: { b: "{{ litellm_vkey_alias }}" } }'],
    ['"{{ n }}"', 5, 'n: 5'],
    ['"{{ n }}/{{ yes_ }}/{{ no_ }}/{{ nil }}."', '5/True/False/.', 'n: 5\nyes_: true\nno_: false\nnil: null'],
    ["\"{{ lookup('env', 'NAME') }}\"", 'ada'],
    ['\'{{ lookup("ansible.builtin.env", "NAME") }}\'', 'ada'],
    ["\"{{ lookup('env', 'NAME', default='eve') }}\"", 'ada'],
    ["\"{{ lookup('env', 'NONE', default=team) }}\"", 'red', 'team: red'],
    ["\"{{ lookup('env', 'NONE') | default('eve') }}\"", 'eve'],
    ["\"{{ lookup('env', 'EMPTY') | default('eve', true) }}\"", 'eve'],
    ['"{{ key | default(\'eve\') }}"', 'eve', "key: \"{{ lookup('env', 'NONE') }}\""],
    // What comes from the environment is no template.
    ["\"{{ lookup('env', 'BRACES') }}\"", '{{ lookup(1) }}'],
    ['"{{ nobody | default(team) }}"', 'red', 'team: red'],
    ['"{{ nobody | d }}{{ nobody | default() }}."', '.'],
    ['"{{ team | default(\'x\') }}"', 'red', 'team: red'],
    ['"{{ team | default(\'x\', true) }}"', 'x', 'team: ""'],
    ['"{{ team | default(\'x\', true) }}"', 'x', 'team: null'],
    ['"{{ team | default(\'x\', true) }}"', 'x', 'team: false'],
    ['"{{ a | default(b | default(\'c\')) }}"', 'c'],
    ['"{{ team.lead | default(\'x\') }}"', 'x', 'team: { name: red }'],
    ['"{{ text.lead | default(\'x\') }}"', 'x', 'text: red'],
    ['"{{ n | int }}"', 12, 'n: " 12 "'],
    ['"{{ n | int }}"', 0, 'n: many'],
    ['"{{ n | string }}"', '5', 'n: 5'],
    ['"{{ t | trim }}"', 'a', 't: " a "'],
    ['"{{ t | bool }}"', true, 't: "yes"'],
    ['"{{ t | bool }}"', false, 't: perhaps'],
    ['"{{ \'a\' ~ n ~ \\"b\\" }}"', 'a5b', 'n: 5'],
    ['"{{ t + \'@x\' }}"', 'a@x', 't: a'],
    ['"{{ (n | default(1) | int) > 4 }}"', true, 'n: 5'],
    ['"{{ 1 > 1.5 }}"', false],
    ['"{{ True }}"', true],
  ])('%s is filled in', async (value, expected, others = '') => {
    expect(await filled(value, others)).toEqual(expected);
  });

  test.each<readonly [string, string | null]>([
    ['{% if x %}', '"{% if x %}" is a Jinja expression, which only Ansible can fill in.'],
    ['{# x #}a', '"{# x #}a" is a Jinja expression, which only Ansible can fill in.'],
    ...OTHER.map((text): readonly [string, string | null] => [text, null]),
    ['{{ nobody }}', '"{{ nobody }}" needs the variable nobody, which is not in this file.'],
    ['{{ nobody | int }}', '"{{ nobody | int }}" needs the variable nobody, which is not in this file.'],
    ["{{ nobody ~ 'a' }}", `"{{ nobody ~ 'a' }}" needs the variable nobody, which is not in this file.`],
    ["{{ 'a' ~ nobody }}", `"{{ 'a' ~ nobody }}" needs the variable nobody, which is not in this file.`],
    ['{{ list[7] }}', '"{{ list[7] }}" needs the variable list.7, which is not in this file.'],
    ["{{ lookup('env', 'NONE') }}", 'The environment variable NONE is not set.'],
    ["{{ lookup('env', 'EMPTY') }}", 'The environment variable EMPTY is not set.'],
    ['{{ one }}', 'The variable one leads back to itself.'],
    ['{{ strange }}', '"{% x %}" is a Jinja expression, which only Ansible can fill in.'],
    ['{{ strange | default(1) }}', '"{% x %}" is a Jinja expression, which only Ansible can fill in.'],
    ['{{ l9 }}', 'What stands for this is too long.'],
  ])('%s is named', async (value, message) => {
    const laughs = Array.from({ length: 9 }, (_, n) => `l${String(n + 1)}: "${`{{ l${String(n)} }}`.repeat(9)}"`);
    const others = [
      'one: "{{ two }}"',
      'two: "{{ one }}"',
      'strange: "{% x %}"',
      'text: "5"',
      'list: [a]',
      'l0: aaaa',
      ...laughs,
    ];
    const text = `${HEAD}litellm_vkey_metadata:\n  x: [${JSON.stringify(value)}]\n${others.join('\n')}`;
    const short = value.length > 60 ? `${value.slice(0, 59)}…` : value;
    const expected = message ?? `"${short}" is a Jinja expression, which only Ansible can fill in.`;
    expect(await messagesOf(text, { env: ENV })).toEqual([`4:7 ansible: ${expected}`]);
  });

  test('of a number stands for its text where a text is meant', async () => {
    const { specs } = await load('litellm_vkey_alias: "{{ n }}"\nlitellm_vkey_models: m\nn: 5\n');
    expect(specs[0]?.desired[0]?.ref.name).toBe('5');
  });

  test('of what is left out leaves it out', async () => {
    const { specs } = await load(`${HEAD}litellm_vkey_max_budget: "{{ budget | default(omit) }}"\n`);
    expect(specs[0]?.desired[0]?.settings).toEqual({ models: ['m'], user_id: 'ws' });
  });

  test('that brings the environment into the metadata makes secrets of it', async () => {
    const text = `${HEAD}litellm_vkey_metadata: { plain: a, token: "{{ lookup('env', 'NAME') }}", deep: ["x{ {{ lookup('env', 'NAME') }}"] }\n`;
    const { specs } = await load(text, { env: ENV });
    expect([...(specs[0]?.desired[0]?.secrets ?? [])].toSorted()).toEqual(['ada', 'x{ ada', 'x{{ ada']);
  });

  test('reads no foreign variable that nobody looks up', async () => {
    const text = `${HEAD}a: !x 1\nb: 12345678901234567890\nc: "{% d %}"\ne: 1\ne: 2\n[f]: g\n<<: h\n`;
    expect(await messagesOf(text)).toEqual(['9:5 yaml: Only a mapping can be merged with <<.']);
    expect(await messagesOf(`${HEAD}litellm_vkey_metadata: { x: "{{ a }}" }\na: !x 1\n`)).toEqual([
      '4:7 yaml: The tag "!x" is not known here.',
    ]);
  });

  test('follows anchors and merges', async () => {
    const text = `common: &c { litellm_vkey_models: [m], litellm_vkey_user_id: "{{ who }}" }\n<<: *c\nlitellm_vkey_alias: ws\nwho: ada\nself: &s [*s]\n`;
    expect(await messagesOf(text)).toEqual([]);
    expect((await load(text)).specs[0]?.desired[0]?.settings).toEqual({ models: ['m'], user_id: 'ada' });
  });
});
