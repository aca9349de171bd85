import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeDotenv, readDotenv, withoutVariables } from '../../src/encode/dotenv.ts';
import { quote } from '../../src/encode/variable.ts';
import { folder } from '../deliver/handouts.ts';

const set = (text: string, variables: Record<string, string>): string =>
  mergeDotenv(text, new Map(Object.entries(variables)));

describe('mergeDotenv', () => {
  test('replaces in place and leaves comments, order and export alone', () => {
    const text = '# mine\nexport KEY="old" # the key\n\nOTHER = 1\nKEY2=x';
    expect(set(text, { KEY: 'sk-new', KEY2: 'y' })).toBe('# mine\nexport KEY=sk-new # the key\n\nOTHER = 1\nKEY2=y');
  });

  test('appends what is not there, after a line break', () => {
    expect(set('A=1', { KEY: 'x' })).toBe('A=1\nKEY=x\n');
    expect(set('', { KEY: 'x' })).toBe('KEY=x\n');
  });

  test('keeps the line breaks of a CRLF file', () => {
    expect(set('A=1\r\nKEY=old\r\n', { KEY: 'x', B: '2' })).toBe('A=1\r\nKEY=x\r\nB=2\r\n');
  });

  test('keeps a byte order mark in front', () => {
    expect(set('\uFEFFKEY=old\n', { KEY: 'x' })).toBe('\uFEFFKEY=x\n');
    expect(set('\uFEFF', { KEY: 'x' })).toBe('\uFEFFKEY=x\n');
  });

  test('sees no variable inside the quotes of another', () => {
    const text = 'PEM="-----\nKEY=inside\n-----"\nSINGLE=\'\nKEY=inside\'\n';
    expect(set(text, { KEY: 'x' })).toBe(`${text}KEY=x\n`);
  });

  test('sets every line of a variable that is there twice', () => {
    expect(set('KEY=a\nKEY=b\n', { KEY: 'x' })).toBe('KEY=x\nKEY=x\n');
  });

  test('makes of a # that touches the old value no comment of the new one', () => {
    expect(set('KEY=x#y\n', { KEY: 'x' })).toBe('KEY=x\n');
    expect(set('KEY=#y\n', { KEY: 'x' })).toBe('KEY=x #y\n');
  });

  test('takes an unclosed quote for what it is: a part of its own line', () => {
    expect(set("A='unclosed\nKEY=old\n", { KEY: 'x' })).toBe("A='unclosed\nKEY=x\n");
  });

  test('refuses to write quotes after a quote that is left open', () => {
    expect(() => set("A='unclosed\n", { KEY: '#x' })).toThrow(
      /^KEY cannot be set: the file has a line that readers understand differently/,
    );
  });

  test.each([
    ["A='unclosed\n", 1],
    ['# a\n\nexport B=2\nC="x\ny"\n  A=\'unclosed\nZ=1\n', 6],
    ["B=1\r\nA='unclosed", 2],
  ])('says which line it is that is left open: %j', (text, line) => {
    expect(() => set(text, { KEY: '#x' })).toThrow(expect.objectContaining({ facts: { line, column: 1 } }) as Error);
  });

  /* What Node reads differs: 20 and 22 lose what follows a line without a name, 24 a value of blanks alone. */
  test.each(["A='x\nKEY=old' rest\n", '=x\nKEY=old\n', 'A= \nKEY=old\n'])(
    'does not set what Node would read otherwise: %j',
    (text) => {
      const isRead = parseEnv(text)['KEY'] === 'old';
      if (isRead) expect(set(text, { KEY: 'x' })).toBe(text.replace('old', 'x'));
      else expect(() => set(text, { KEY: 'x' })).toThrow(/a line that readers understand differently/);
    },
  );

  test('keeps a value to the end of its line, or to its comment', () => {
    const text = 'A=b  c # d\nB=x#y\nC= \nD=\u2028 # e\nE=1\rF=2\n';
    expect(Object.fromEntries(readDotenv(text))).toEqual({ A: 'b  c', B: 'x#y', C: '', D: '\u2028' });
    expect(set(text, { KEY: 'x' })).toBe(`${text}KEY=x\n`);
  });

  test('leaves a file alone that is as it should be', () => {
    const text = "KEY='x'  # quoted by somebody\n";
    expect(set(text, { KEY: 'x' })).toBe(text);
  });

  test('sets the variables and keeps everything else, whatever the file holds', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '# c',
        '',
        '  ',
        'export E=1',
        "Q='a # b'",
        'M="a\nKEY=z\nb"',
        'KEY=old',
        'export KEY2="o" # c',
        'nonsense',
      ),
      fc.stringMatching(/^[A-Z]{1,3}=([a-z#][a-z #]{0,5})?$/),
    );
    const value = fc
      .string({ unit: fc.constantFrom('a', 'Z', '1', ' ', '#', "'", '\n', '=', '$', '\\', 'é') })
      .filter((text) => !text.includes("'") || !/[$\\]/.test(text));
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), value, value, (rows, eol, one, two) => {
        const text = rows.join(eol);
        const merged = set(text, { KEY: one, KEY2: two });
        const ours = new Set(['KEY', 'KEY2']);
        const others = (all: string) => [...readDotenv(all)].filter(([name]) => !ours.has(name));
        expect(readDotenv(merged).get('KEY')).toBe(one);
        expect(readDotenv(merged).get('KEY2')).toBe(two);
        expect(others(merged)).toEqual(others(text));
        expect(withoutVariables(merged, ours).trimEnd()).toBe(withoutVariables(text, ours).trimEnd());
        expect(set(merged, { KEY: one, KEY2: two })).toBe(merged);
      }),
    );
  });
});

const AWKWARD = [
  'sk-plain_1',
  'two words',
  'a#b',
  ' # ',
  'say "hi"',
  "it's",
  '$HOME',
  '`id`',
  String.raw`C:\dir\new`,
  'two\nlines',
  '$(id)\nX=1',
  '',
  'é漢',
  '!',
];

describe('quote', () => {
  test.each(AWKWARD)('of %j is read back by Node, by a shell and by us', async (value) => {
    const text = `A=${quote('A', value)}\nB=1\n`;
    expect(parseEnv(text)).toEqual({ A: value, B: '1' });
    expect(Object.fromEntries(readDotenv(text))).toEqual({ A: value, B: '1' });
    if (process.platform !== 'win32') expect(inShell(await folder(), text)).toBe(`${value}|1`);
  });

  test('refuses what no quoting carries, without showing it', () => {
    expect(() => quote('KEY', `it's $5`)).toThrow(
      'The value of KEY contains a single quote together with ", $, ` or \\, which a shell and a .env reader understand differently.',
    );
    expect(() => quote('KEY', 'a\rb')).toThrow(/control character/);
    expect(() => quote('KEY', 'a\0b')).toThrow(/control character/);
  });
});

/** What a POSIX shell makes of the file. */
function inShell(path: string, text: string): string {
  const file = join(path, '.env');
  writeFileSync(file, text);
  return execFileSync('sh', ['-c', `. "$1"; printf '%s|%s' "$A" "$B"`, 'sh', file], { encoding: 'utf8' });
}
