/** The map of ARCHITECTURE.md is the one that the linter holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Override = {
  readonly files: readonly string[];
  readonly rules: {
    readonly 'no-restricted-imports'?: readonly [string, { readonly patterns: readonly { readonly regex: string }[] }];
    readonly 'no-restricted-globals'?: readonly [string, ...(readonly { readonly name: string }[])];
  };
};

const { overrides } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as { readonly overrides: readonly Override[] };
const folders = readdirSync('src', { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
/** The last column of the table, by the first. */
const table = new Map(
  readFileSync('ARCHITECTURE.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, folder, , words] = /^\| `(\w+)\/` +\|(.*)\|([^|]*)\|$/.exec(line) ?? [];
      return folder === undefined || words === undefined ? [] : [[folder, words.trim()] as const];
    }),
);

function allowedIn(folder: string): readonly string[] {
  const words = table.get(folder) ?? '';
  const [all, but = ''] = words.split('all but ');
  return all === '' && but !== '' ? folders.filter((each) => !but.split(' ').includes(each)) : words.split(/ +/);
}

const rulesOf = (folder: string) => overrides.find(({ files }) => files[0] === `src/${folder}/**`)?.rules ?? {};

function isForbidden(folder: string, path: string): boolean {
  const patterns = rulesOf(folder)['no-restricted-imports']?.[1].patterns ?? [];
  return patterns.some(({ regex }) => new RegExp(regex, 'u').test(path));
}

it('has each folder', () => {
  expect([...table.keys()].toSorted()).toEqual(folders.toSorted());
});

it.each(folders.filter((folder) => folder !== 'cli'))('%s/ may import what the map says', (folder) => {
  const forbidden = folders.filter((other) => isForbidden(folder, `../${other}/some.ts`));
  const others = folders.filter((other) => other !== folder && !allowedIn(folder).includes(other));
  expect(forbidden.toSorted()).toEqual(others.toSorted());
});

it('leaves effects to few folders', () => {
  const globals = (name: string): readonly string[] =>
    folders.filter((folder) => {
      const [, ...restricted] = rulesOf(folder)['no-restricted-globals'] ?? [''];
      return !restricted.some((each) => each.name === name);
    });
  const modules = (name: string): readonly string[] => folders.filter((folder) => !isForbidden(folder, name));
  expect({
    process: globals('process'),
    setTimeout: globals('setTimeout'),
    'node:crypto': modules('node:crypto'),
    'node:process': modules('node:process'),
    'node:timers/promises': modules('node:timers/promises'),
    'node:child_process': modules('node:child_process'),
  }).toEqual({
    process: ['base', 'deliver', 'secrets'],
    setTimeout: ['litellm', 'page', 'run'],
    'node:crypto': ['apply', 'base', 'sandbox', 'secrets'],
    'node:process': [],
    'node:timers/promises': [],
    'node:child_process': [],
  });
});
