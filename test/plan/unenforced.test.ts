/** Limits that a version keeps, and holds no call to. */
import { expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import type { Change } from '../../src/model/change.ts';
import { unenforcedNotices } from '../../src/plan/unenforced.ts';
import { desired, live } from '../support/make.ts';

const ref = { kind: 'member', name: 'lab/ada' };
const update = (field: string, to: number | null): Change => ({
  action: 'update',
  ref,
  desired: desired({ ref }),
  live: live({ kind: 'member' }),
  fields: [{ field, from: null, to }],
  takes: [],
  reason: null,
});

it.each<[string | null, string, number | null, boolean]>([
  ['1.65.8', 'tpm_limit', 5, false],
  ['1.77.7', 'tpm_limit', 5, true],
  ['1.83.14', 'rpm_limit', 5, true],
  ['1.83.14', 'rpm_limit', null, false],
  ['1.83.14', 'max_budget_in_team', 5, false],
  ['1.83.14', 'no_such_field', 5, false],
  ['1.108.7', 'rpm_limit', 5, false],
  [null, 'rpm_limit', 5, false],
])('on %s %s: %s is told: %o', (version, field, to, isTold) => {
  const notices = unenforcedNotices([update(field, to)], version, KINDS);
  expect(notices.map(({ message }) => message)).toEqual(
    isTold ? [`LiteLLM ${String(version)} keeps ${field}, and holds no call to it.`] : [],
  );
});

it('says nothing of what goes', () => {
  const gone: Change = { ...update('tpm_limit', 5), action: 'delete', because: 'named', desired: null, live: live({}) };
  expect(unenforcedNotices([gone], '1.83.14', KINDS)).toEqual([]);
});
