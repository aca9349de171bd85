import { describe, expect, it } from 'vitest';
import { isNotable, standingOf, type StandingFacts } from '../../src/model/key-standing.ts';
import type { Live } from '../../src/model/resource.ts';
import { after, live, NOW } from '../support/make.ts';

const FACTS: StandingFacts = { max_budget: null, rotating: false, rule: undefined, held: null };
const standing = (fields: Partial<Live>, facts: Partial<StandingFacts> = {}) =>
  standingOf(live(fields), { ...FACTS, ...facts }, NOW);

describe('how a key stands', () => {
  it.each([
    [4, 5, 0.8, 'active', true],
    [1, 5, 0.2, 'active', false],
    [5, 5, 1, 'over_budget', true],
    [0, 0, 1, 'over_budget', true],
    [5, null, null, 'active', false],
  ])('%d of %s is a share of %s: %s', (spend, max_budget, share, status, notable) => {
    const key = standing({ spend }, { max_budget });
    expect([key.share, key.status, isNotable(key)]).toEqual([share, status, notable]);
  });

  it('next is what comes first, and a rotation that is due until it is done', () => {
    const [soon, later] = [after(60), after(3600)];
    expect(standing({ expires: later, budget_reset_at: soon }).next).toEqual({ is: 'budget', at: soon });
    expect(standing({ expires: soon, budget_reset_at: later }).next).toEqual({ is: 'ends', at: soon });
    expect(standing({ mark: { set: 'lab', name: 'ada', retiring: soon } }).next).toEqual({ is: 'retires', at: soon });
    const waiting = { set: 'lab', name: 'ada', retiring: later, grace: 60 };
    expect(standing({ mark: waiting }).next).toBeNull();
    expect(standing({ mark: waiting, expires: soon }).next).toEqual({ is: 'retires', at: soon });
    expect(standing({ mark: { set: 'lab', name: 'ada', opens: soon } }).next).toEqual({ is: 'opens', at: soon });
    const rule = { every: '60d', grace: null };
    expect(standing({ created_at: '2026-01-01T00:00:00.000Z', expires: soon }, { rule }).next).toEqual({
      is: 'rotation',
      at: '2026-03-02T00:00:00.000Z',
    });
    expect(standing({ expires: after(-60), budget_reset_at: later }).next).toBeNull();
    expect(standing({ created_at: null, expires: null }, { rule }).next).toBeNull();
  });

  it('unused is what nobody spent with, and stale where a place does not hold it', () => {
    expect(standing({ spend: 0, extra: {} }).unused).toBe(true);
    expect(standing({ spend: 0, extra: { last_active: '2026-11-20T10:00:00Z' } }).unused).toBe(false);
    expect(standing({ spend: 0, extra: { total_spend: 1 } }).unused).toBe(false);
    const held = (state: 'current' | 'missing') => ({ sink: 'dotenv', path: `${state}.env`, state, why: null });
    expect(standing({}, { held: [held('current')] }).stale).toEqual([]);
    const key = standing({}, { held: [held('current'), held('missing')] });
    expect([key.stale, isNotable(key)]).toEqual([['missing.env'], true]);
    expect(isNotable(standing({}, { rotating: true }))).toBe(true);
  });
});
