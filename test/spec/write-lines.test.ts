/** Values in the lines of specs, changed where only what is meant becomes other. Commands that do it: test/cli/life-of-spec.test.ts. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SpecLine } from '../../src/model/spec-line.ts';
import { loadSpecs, type Loaded } from '../../src/spec/load.ts';
import { editedSpecs, writeSpecs } from '../../src/spec/write-lines.ts';

type Case = Pick<SpecLine, 'field' | 'to'> & { readonly of: string; readonly others?: number };

/** Changes fields of keys of a file, and answers with what it says then. */
async function change(content: string | Uint8Array, cases: readonly Case[]): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'vkeys-lines-'));
  const path = join(cwd, 'spec.yaml');
  writeFileSync(path, content);
  const load = (instead?: ReadonlyMap<string, string>): Promise<Loaded> =>
    loadSpecs(['spec.yaml'], {
      cwd,
      env: {},
      readStdin: () => Promise.resolve(''),
      ...(instead === undefined ? {} : { instead }),
    });
  const { specs, fieldAt, diagnostics } = await load();
  expect(diagnostics).toEqual([]);
  const all = specs.flatMap(({ desired }) => desired);
  const lines = cases.flatMap(({ of, others = 0, ...rest }): readonly SpecLine[] => {
    const key = all.find(({ ref }) => ref.name === of);
    const origin = key === undefined ? null : fieldAt(key, rest.field);
    return key === undefined || origin === null ? [] : [{ ...rest, origin, from: null, keys: [key], others }];
  });
  await writeSpecs(await editedSpecs(cwd, lines, specs, async (instead) => (await load(instead)).specs));
  return readFileSync(path, 'utf8');
}

const TWO = 'keys: [{ key_alias: a, max_budget: 5, duration: 3d }, { key_alias: b, max_budget: 6 }]\n';

describe('values of keys', () => {
  it('are put in the place of the old ones', async () => {
    const both = await change(`\uFEFF# two\n${TWO}`, [
      { of: 'a', field: 'max_budget', to: 15 },
      { of: 'b', field: 'max_budget', to: 16 },
      { of: 'a', field: 'duration', to: '5d' },
    ]);
    expect(both).toBe(`\uFEFF# two\n${TWO.replace('5,', '15,').replace('6', '16').replace('3d', '5d')}`);
    const text = "keys:\n  - key_alias: a\n    expires: '2026-12-24T18:00:00Z' # noon\n    blocked: false\n";
    expect(
      await change(text, [
        { of: 'a', field: 'blocked', to: true },
        { of: 'a', field: 'expires', to: '2026-12-25T18:00:00Z' },
      ]),
    ).toBe(text.replace('24T', '25T').replace('false', 'true'));
  });

  it('stay where nothing is to change', async () => {
    expect(await change(TWO, [])).toBe(TWO);
  });
});

describe('is refused, with the line,', () => {
  const five: Case = { of: 'a', field: 'max_budget', to: 9 };

  it.each<[string, string | Uint8Array, Case, string]>([
    [
      'what is not one value',
      TWO,
      { ...five, to: null },
      '1:36: max_budget was not changed, nor anything else: its keys',
    ],
    ['a line for more keys', TWO, { ...five, others: 2 }, 'it is for 2 more keys'],
    ['UTF-16', Buffer.from(`\uFEFF${TWO}`, 'utf16le'), five, 'cannot be changed in its place'],
    [
      'a text in lines',
      'keys:\n  - key_alias: a\n    user_id: |-\n      x\n',
      { ...five, field: 'user_id' },
      'in its place',
    ],
    [
      'what another key has, too',
      'keys: [{ key_alias: a, max_budget: &m 5 }, { key_alias: b, max_budget: *m }]',
      five,
      'more than the keys that are meant would change',
    ],
  ])('%s', async (_, content, one, words) => {
    await expect(change(content, [one])).rejects.toThrow(words);
  });

  it('a file of another kind', async () => {
    const cwd = tmpdir();
    const origin = { file: 'r.csv', line: 2, column: 5 };
    const line: SpecLine = { origin, field: 'max_budget', from: 5, to: 9, keys: [], others: 0 };
    await expect(editedSpecs(cwd, [line], [], () => Promise.resolve([]))).rejects.toThrow(
      'only values in files of YAML',
    );
  });
});
