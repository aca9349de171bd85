import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fill } from '../../src/base/template.ts';
import { patternsOf, type Filled } from '../../src/view/patterns.ts';

const ADA = { user: 'ada', name: 'Lovelace, Ada', email: 'ada@example.org', team: 'x' };
const BOB = { user: 'bob', name: 'Bob', email: 'b.smith@example.com', team: 'red' };
const EVE = { user: 'eve', name: 'Eve', email: 'eve@example.org', team: 'x' };

function said(template: string): readonly (string | null)[] {
  return patternsOf([ADA, BOB, EVE].map((names) => ({ text: fill(template, names), names })));
}

describe('patternsOf', () => {
  it.each(['{email}', '{user}@example.net', '{name} <{email}>', '{team}-{user}-{name}', 'next to {name}, {{team}}'])(
    'finds %s',
    (template) => {
      expect(new Set(said(template))).toEqual(new Set([template]));
    },
  );

  it('takes what is the same for all as it is, even where a column has it too', () => {
    expect(said('training')).toEqual(['training', 'training', 'training']);
    const names = { team: 'red' };
    expect(patternsOf([{ text: 'red', names }, { text: 'red', names: {} }])).toEqual(['red', 'red']); // oxfmt-ignore
  });

  it('leaves one that was written by hand to itself', () => {
    const own = { text: 'boss@example.com', names: BOB };
    expect(patternsOf([{ text: ADA.email, names: ADA }, own, { text: EVE.email, names: EVE }])).toEqual([
      '{email}',
      null,
      '{email}',
    ]);
  });

  it('ends soon where nobody is like another', () => {
    const all = Array.from({ length: 2000 }, (_, at) => ({
      text: `text ${String(at)}`,
      names: { user: `user${String(at)}` },
    }));
    expect(new Set(patternsOf(all))).toEqual(new Set([null]));
  });

  it('never says a text that is not the key’s own', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '{', '}', '@'), maxLength: 4 });
    const filled: fc.Arbitrary<Filled> = fc.record({ text: word, names: fc.record({ user: word, team: word }) });
    fc.assert(
      fc.property(fc.array(filled, { maxLength: 8 }), (all) => {
        for (const [index, pattern] of patternsOf(all).entries()) {
          const { text = '', names = {} } = all[index] ?? {};
          expect([null, text, fill(pattern ?? '', names) === text ? pattern : '']).toContain(pattern);
        }
      }),
    );
  });
});
