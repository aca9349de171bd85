/** Lines for shells, run by the shells themselves. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posixWord, variablesText, type ShellName } from '../../src/encode/shell.ts';

const ODD = [
  'plain',
  'two words',
  `it's "quoted"`,
  '$HOME ${HOME} $(id) `id`',
  String.raw`back\slash \n \' \\`,
  "'",
  "''",
  '\u2018curly\u2019 \u201A\u201B',
  '#!*?[]{}~;&|<>()^%',
  'two\nlines\n',
  '\ttab\r',
  'Müller 日本 🙂',
  '-n',
];

const NAMES: Readonly<Record<ShellName, string>> = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'pwsh' };
const isThere = (program: string): boolean => spawnSync(program, ['-c', 'exit 0']).error === undefined;

/** What a program sees that the shell starts after the lines. */
function seen(shell: ShellName, values: readonly string[]): readonly string[] {
  const text = variablesText(new Map(values.map((value, at) => [`V${String(at)}`, value])), shell);
  const file = join(mkdtempSync(join(tmpdir(), 'vkeys-shell-')), shell === 'powershell' ? 'lines.ps1' : 'lines');
  const print = `process.stdout.write(JSON.stringify(Array.from({length:${String(values.length)}},(_,i)=>process.env["V"+i])))`;
  writeFileSync(
    file,
    `${text}\n${shell === 'powershell' ? '& ' : ''}'${process.execPath}' -e '${print.replaceAll("'", '')}'\n`,
  );
  const { stdout, stderr } = spawnSync(NAMES[shell], [file], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as readonly string[];
}

describe.each(Object.entries(NAMES) as [ShellName, string][])('%s (%s)', (shell, program) => {
  it.skipIf(!isThere(program))('gives a program just the values, however odd', () => {
    expect(seen(shell, ODD)).toEqual(ODD);
    const texts = fc.array(
      fc.string({ unit: 'binary' }).filter((text) => !/[\0\p{Surrogate}]/u.test(text)),
      { minLength: 20 },
    );
    fc.assert(
      fc.property(texts, (values) => {
        expect(seen(shell, values)).toEqual(values);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses what no variable can have, without saying it', () => {
    expect(() => variablesText(new Map([['V', 'sk-x\0y']]), shell)).toThrow('The value of V has a character');
  });
});

it('a line of powershell doubles each of its quotes', () => {
  expect(variablesText(new Map([['A', "it's \u2019"]]), 'powershell')).toBe("$env:A = 'it''s \u2019\u2019'\n");
});

it('a .env file is the same as ever', () => {
  expect(variablesText(new Map([['A', 'x y']]))).toBe("A='x y'\n");
});

it('a word of sh is quoted only where it must be', () => {
  expect(['--set=lab', "o'hara", ''].map(posixWord)).toEqual(['--set=lab', String.raw`'o'\''hara'`, "''"]);
});
