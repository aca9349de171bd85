import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { VkeysError } from '../../src/base/errors.ts';
import { listJson } from '../../src/view/list.ts';
import { outcomeJson } from '../../src/view/outcome.ts';
import { LIVE_SCHEMA, OUTCOME_SCHEMA, PLAN_SCHEMA, REPORT_SCHEMA } from '../../src/view/output-schema.ts';
import { planJson } from '../../src/view/plan.ts';
import { reportJson } from '../../src/view/report.ts';
import { applied, creation, deletion, live, noop, NOW, plan, report, update } from './values.ts';

const CHANGES = [
  creation('a', { max_budget: 5, models: ['x'] }),
  update('b', [{ field: 'aliases', from: null, to: { a: 'b' } }]),
  deletion('c'),
  noop('d'),
];
const FAILED = applied(creation('e', {}), {
  status: 'failed',
  live: null,
  secret: null,
  error: new VkeysError('api', 'no', 'try'),
});
const NOTICES = [{ code: 'orphan', key_alias: null, message: 'x', hint: null }] as const;

function accepts(schema: unknown, value: unknown): boolean {
  const { success } = z.fromJSONSchema(z.json().pipe(z.record(z.string(), z.json())).parse(schema)).safeParse(value);
  return success;
}

describe('the output is as its schema says', () => {
  test.each([
    ['a plan', PLAN_SCHEMA, planJson(plan(CHANGES, { notices: NOTICES, refusals: NOTICES }))],
    ['an empty plan', PLAN_SCHEMA, planJson(plan([]))],
    [
      'a report',
      REPORT_SCHEMA,
      reportJson(report([...CHANGES.map((change) => applied(change)), FAILED], { notices: NOTICES }), {
        secrets: true,
      }),
    ],
    [
      'a report of a deletion',
      REPORT_SCHEMA,
      reportJson(report([], { state: 'absent', missing: ['x'] }), { secrets: false }),
    ],
    ['a created key', OUTCOME_SCHEMA, outcomeJson(FAILED, { secrets: true })],
    [
      'a listed key',
      LIVE_SCHEMA,
      listJson([live('a', { settings: { aliases: { a: 'b' }, max_budget: 5 } })], NOW, {})[0],
    ],
  ])('%s', (_, schema, value) => {
    expect(accepts(schema, value)).toBe(true);
    expect(accepts(schema, { ...value, key_id: 7, version: 'x', key_alias: 7 })).toBe(false);
  });
});
