import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VARIABLES, variable } from '../../src/base/variables.ts';

const folder = new URL('../../src/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && path !== 'base/variables.ts')
  .map((path) => ({ path, text: readFileSync(new URL(path, folder), 'utf8') }));

/** What a spec or a file of variables names, what may be spelled in small letters, and what looks at all of them. */
const BY_THEMSELVES = [
  'spec/read/environment.ts',
  'spec/formats/ansible/render.ts',
  'litellm/http/proxy.ts',
  'cli/environment.ts',
];

it('nothing reads the environment but by the table', () => {
  const readers = sources.filter(({ text }) => /\benv(\?\.)?\[|\benv\.[A-Z]/.test(text)).map(({ path }) => path);
  expect(readers.toSorted()).toEqual(BY_THEMSELVES.toSorted());
});

it.each(Object.keys(VARIABLES))('%s is read', (name) => {
  expect(sources.filter(({ text }) => text.includes(`'${name}'`))).not.toEqual([]);
});

it('one that is empty says nothing', () => {
  expect(variable({ NO_COLOR: '' }, 'NO_COLOR')).toBeUndefined();
  expect(variable({}, 'NO_COLOR')).toBeUndefined();
  expect(variable({ NO_COLOR: ' ' }, 'NO_COLOR')).toBe(' ');
});
