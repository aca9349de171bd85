/** `vkeys help`: what is said of topics and commands is what the tables, the schemas and the program say. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ERROR_KINDS } from '../../src/base/errors.ts';
import { VARIABLES } from '../../src/base/variables.ts';
import type { Console } from '../../src/cli/console.ts';
import { EXITS } from '../../src/cli/exit-codes.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { FIELD_NAMES } from '../../src/kinds/key.ts';
import { DIFFERENCES } from '../../src/litellm/differences.ts';
import { OUTPUT_SCHEMA } from '../../src/view/output-schema.ts';
import { TOPICS } from '../../src/view/topics.ts';
import { specJsonSchema } from '../../src/spec/json-schema.ts';
import { makeHome } from '../support/run.ts';
import manifest from '../../package.json' with { type: 'json' };

const NAMES = Object.keys(TOPICS);
const { program } = makeProgram({ code: 0, console: { stdout: {}, stderr: {} } as Console }, () => undefined);
const COMMANDS = program.commands.flatMap((command) => [
  command.name(),
  ...command.commands.map((each) => `${command.name()} ${each.name()}`),
]);

async function help(words: string): Promise<string> {
  const { code, stdout, stderr } = await makeHome().vkeys(`help ${words}`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('vkeys help', () => {
  it('lists the topics, with the commands', async () => {
    const home = makeHome();
    const { stdout } = await home.vkeys('help');
    expect(stdout).toBe((await home.vkeys('--help')).stdout);
    for (const [name, about] of Object.entries(TOPICS)) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${about.split(' ')[0] ?? ''}`, 'm'));
    }
    expect(stdout.indexOf('Topics of vkeys help:')).toBeLessThan(stdout.indexOf('Options:'));
  });

  it.each(COMMANDS)('%s is as --help says it', async (words) => {
    const { stdout } = await makeHome().vkeys(`${words} --help`);
    if (!NAMES.includes(words)) expect(await help(words)).toBe(stdout);
  });

  it.each([
    ['nonsense', 'There is no help on nonsense.', 'Topics: spec, fields'],
    ['kyring', 'Did you mean keyring?', 'Topics'],
    ['exit-code', 'Did you mean exit-codes?', 'Topics'],
    ['creat', 'Did you mean create?', 'Topics'],
    ['auth logn', 'Did you mean login?', 'vkeys auth has status, login, logout, delegate, profiles.'],
    ['create more', 'There is no help on more.', 'vkeys create has no commands below it.'],
    ['spec more', 'There is no help on spec.', 'Topics'],
  ])('%s is answered with what there is', async (words, message, hint) => {
    const { code, stderr, stdout } = await makeHome().vkeys(`help ${words}`);
    expect(code).toBe(3);
    expect(stderr + stdout).toContain(message);
    expect(stderr + stdout).toContain(hint);
  });
});

describe.each(NAMES)('vkeys help %s', (topic) => {
  it('is short', async () => {
    expect((await help(topic)).split('\n').length).toBeLessThan(160);
  });

  it('fits a narrow terminal, but for what is typed', async () => {
    const written: string[] = [];
    const stdout = { isTTY: true, columns: 80, write: (text: string) => void written.push(text) };
    await makeHome().vkeys(`help ${topic} --no-color`, { stdout });
    const { stdout: markdown } = await makeHome().vkeys(`help ${topic} --markdown`);
    const wide = written
      .join('')
      .split('\n')
      .filter((line) => line.length > 80);
    expect(wide.filter((line) => !markdown.includes(`\n${line.slice(2)}\n`))).toEqual([]);
  });

  it('is Markdown too, and its tables are whole', async () => {
    const text = await help(`${topic} --markdown`);
    expect(text).toMatch(new RegExp(`^# vkeys help ${topic}\n`));
    expect(await help(`${topic} -o markdown`)).toBe(text);
    const widths = text.split(/\n\n/).map((part) => {
      const lines = part.split('\n').filter((line) => line.startsWith('|'));
      return new Set(lines.map((line) => line.split(/(?<!\\)\|/).length)).size;
    });
    expect(Math.max(...widths)).toBeLessThanOrEqual(1);
  });
});

describe('a topic leaves nothing out:', () => {
  const members = (schema: unknown): readonly string[] =>
    Object.entries((schema as { properties?: object }).properties ?? {}).flatMap(([name, value]) =>
      value === false ? [] : [name],
    );

  it.each([
    ['fields', FIELD_NAMES],
    ['fields', DIFFERENCES.map(({ before }) => `before ${before}`)],
    ['spec', members(specJsonSchema())],
    [
      'spec',
      members((specJsonSchema()['properties'] as { keys: { items: object } }).keys.items).filter(
        (name) => !FIELD_NAMES.some((each) => each === name),
      ),
    ],
    ['json', [...members(OUTPUT_SCHEMA), ...Object.keys(OUTPUT_SCHEMA.$defs)]],
    [
      'json',
      Object.entries(OUTPUT_SCHEMA.$defs).flatMap(([name, part]) => (name.startsWith('chosen') ? [] : members(part))),
    ],
    ['exit-codes', [...ERROR_KINDS, ...Object.values(EXITS).map(({ code }) => String(code))]],
    ['environment', Object.keys(VARIABLES)],
    ['auth', ['--master-key-file', '--username', 'LITELLM_PASSWORD', 'vkeys auth login']],
    ['keyring', ['vkeys keyring list', 'vkeys keyring import', 'vkeys keyring forget']],
  ])('%s', async (topic, names) => {
    const text = await help(topic);
    expect(names.filter((name) => !new RegExp(String.raw`(^|[^\w-])${name}([^\w-]|$)`, 'm').test(text))).toEqual([]);
  });

  it('the flag that wins over a variable stands beside it', async () => {
    expect(await help('environment')).toMatch(/VKEYS_AGE_RECIPIENTS +--age-recipient /);
  });
});

const CHECKERS = [
  ['mandoc', ['-Tlint', '-W', 'warning']],
  ['groff', ['-man', '-ww', '-Tutf8']],
] as const;

describe.each(CHECKERS)('%s', (checker, args) => {
  const isMissing = spawnSync(checker, ['--version']).error !== undefined;

  it.skipIf(isMissing).each([...NAMES, ...COMMANDS, ''])(
    'has nothing to say of the page of vkeys %s',
    async (words) => {
      const { stdout, stderr } = spawnSync(checker, args, { input: await help(`--man ${words}`), encoding: 'utf8' });
      expect(stderr + (checker === 'mandoc' ? stdout : '')).toBe('');
    },
  );
});

describe('a page for man', () => {
  it('is in the package for each topic and each command but the one that shells call', async () => {
    const shown = COMMANDS.filter((words) => words !== 'complete');
    const titles = [...NAMES, ...shown, ''].map(async (words) => {
      const [, title = '', section = ''] = /^\.TH (\S+) ([0-9])/m.exec(await help(`--man ${words}`)) ?? [];
      return `dist/man/${title.replaceAll('\\', '').toLowerCase()}.${section}`;
    });
    expect(new Set(await Promise.all(titles))).toEqual(new Set(manifest.man));
  });

  it('of a command has its section, its options and what belongs to it', async () => {
    expect(await help('--man unlock')).toMatchInlineSnapshot(`
      ".TH VKEYS\\-UNLOCK 1 2026-11-21 "vkeys 0.1.0"
      .SH NAME
      vkeys\\-unlock \\- take the lock of a set away from a run that is gone
      .SH SYNOPSIS
      .RS 4
      .nf
      vkeys unlock [options] <set>
      .fi
      .RE
      .SH OPTIONS
      .TP
      \\fB\\-y, \\-\\-yes\\fR
      do not ask
      .TP
      \\fB\\-h, \\-\\-help\\fR
      print help
      .SH GLOBAL OPTIONS
      Those of \\fBvkeys\\fR: see \\fBvkeys \\-\\-help\\fR.
      .SH EXAMPLES
      .RS 4
      .nf
      vkeys unlock lab
      vkeys unlock lab \\-\\-yes
      .fi
      .RE
      .SH SEE ALSO
      .BR vkeys (1)
      "
    `);
  });

  it('of a topic is in section 7, and nothing in it is taken for an instruction', async () => {
    const text = await help('--man spec');
    expect(text).toMatch(/^\.TH VKEYS\\-SPEC 7 \d{4}-\d{2}-\d{2} "vkeys \d/);
    expect(text).not.toMatch(/[^\n\u0020-\u007E]/);
    expect(text.split('\n').filter((line) => /^['.](?!TH|SH|TP|PP|RS|RE|nf|fi|br|BR)/.test(line))).toEqual([]);
  });
});
