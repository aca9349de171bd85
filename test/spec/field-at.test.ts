import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { loadSpecs } from '../../src/spec/load.ts';
import { desired } from '../support/make.ts';

const SPEC = 'set: s\ndefaults: { max_budget: 5 }\nkeys:\n  - { key_alias: a, duration: 3d }\n';

it('tells where a spec says what a field of a key is, and nothing of keys that it does not have', async () => {
  const io = { cwd: tmpdir(), env: {}, readStdin: () => Promise.resolve(SPEC) };
  const { specs, fieldAt } = await loadSpecs(['-'], io);
  const [key = desired()] = specs.flatMap((spec) => spec.desired);
  expect(['max_budget', 'duration', 'expires'].map((field) => fieldAt(key, field))).toMatchObject([
    { file: 'stdin', line: 2, column: 25 },
    { file: 'stdin', line: 4, column: 31 },
    { file: 'stdin', line: 4, column: 31 },
  ]);
  expect(fieldAt(desired(), 'max_budget')).toBeNull();
});
