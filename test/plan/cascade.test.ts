/** What would be left without a limit, or without what it names, by what goes. */
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Live } from '../../src/model/resource.ts';
import type { Change } from '../../src/model/change.ts';
import { withCascade } from '../../src/plan/cascade.ts';
import { gone, seen, thing, wish } from './things.ts';

const budget = thing('budget', 'B', { settings: { rpm_limit: 5, tpm_limit: 9 } });
const key = (name: string, settings: Settings) => thing('key', name, { settings: { budget_id: 'B', ...settings } });
const noop = (name: string, settings: Settings): Change => ({
  action: 'noop',
  ref: { kind: 'key', name },
  desired: wish('key', name, { settings }),
  live: thing('key', name, { settings }),
  fields: [],
  takes: [],
  reason: null,
});

describe('a budget that goes', () => {
  const freedBy = (...lives: readonly Live[]): string => {
    const ties = { surveys: seen(budget, ...lives), kinds: KINDS, version: null };
    return withCascade([gone(budget)], ties, false)
      .refusals.map(({ message }) => message)
      .join(' ');
  };

  it('frees who has not every limit of it elsewhere, whatever other limits they have', () => {
    expect(freedBy(key('poor', { rpm_limit: 1, max_budget: 1 }))).toContain('key/poor.');
    expect(freedBy(key('rich', { rpm_limit: 1, tpm_limit: 1 }))).toBe('');
  });
});

describe('what stays and names what goes', () => {
  const team = thing('team', 'T');
  const ties = { surveys: seen(team), kinds: KINDS, version: null };

  it('is refused', () => {
    const { refusals } = withCascade(
      [gone(team), noop('in', { team_id: 'T' }), noop('out', { team_id: 'U' })],
      ties,
      true,
    );
    expect(refusals.map(({ code, ref, message }) => [code, ref?.name, message])).toEqual([
      ['reference', 'in', 'Its team T is to be deleted.'],
    ]);
  });
});
