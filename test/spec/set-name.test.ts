import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SET_NAME } from '../../src/model/resource.ts';
import { newSet } from '../../src/spec/set-name.ts';
import { starterOf } from '../../src/spec/starter.ts';
import { character } from '../support/character.ts';
import { load } from './load.ts';

describe('newSet', () => {
  it.each([
    ['workshop', 'workshop-abcd'],
    ['Data Team', 'Data-Team-abcd'],
    ['.config', 'config-abcd'],
    ['', 'keys-abcd'],
    ['…', 'keys-abcd'],
    ['größe', 'gr--e-abcd'],
    ['x'.repeat(80), `${'x'.repeat(59)}-abcd`],
  ])('of the folder %j is %s', (folder, set) => {
    expect(newSet(folder, (count) => Uint8Array.from({ length: count }, (_, index) => index))).toBe(set);
  });

  it('is a name that a spec may have and that YAML takes for a text, whatever the folder is called', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: character, maxLength: 80 }), fc.constantFrom('null', '1e5', '0x10', '12', '~', '-')),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        async (folder, bytes) => {
          const set = newSet(folder, () => bytes);
          expect(set).toMatch(SET_NAME);
          const { specs, problems } = await load(
            starterOf(set, { now: new Date('2026-11-30T16:00:00Z'), zone: 'UTC' }),
            { env: { LITELLM_BASE_URL: 'http://x' } },
          );
          expect(problems).toBe('');
          expect(specs).toMatchObject([{ set, isNamed: true }]);
        },
      ),
    );
  });
});

describe('a set', () => {
  it.each([
    ['one file without set', { 'lab.yaml': 'keys: []' }, [['lab', false]]],
    ['one with it', { 'lab.yaml': 'set: lab\nkeys: []' }, [['lab', true]]],
    ['two files, of which one has it', { 'a.yaml': 'set: lab\nkeys: []', 'lab.yaml': 'keys: []' }, [['lab', false]]],
    ['two documents that have it', { 'a.yaml': 'set: lab\nkeys: []\n---\nset: lab\nkeys: []' }, [['lab', true]]],
    ['variables of Ansible', { 'a.yaml': 'litellm_vkey_alias: bot\nlitellm_vkey_models: m' }, [['bot', true]]],
    [
      'names that differ in case',
      { 'a.yaml': 'set: Lab\nkeys: [{ key_alias: a }]', 'b.yaml': 'set: lab\nkeys: [{ key_alias: b }]' },
      [
        ['Lab', true],
        ['lab', true],
      ],
    ],
  ] satisfies readonly (readonly [string, Readonly<Record<string, string>>, unknown])[])(
    'is named or not: %s',
    async (_, files, seen) => {
      const { specs, problems } = await load(files);
      expect(problems).toBe('');
      expect(specs.map(({ set, isNamed }) => [set, isNamed])).toEqual(seen);
    },
  );
});
