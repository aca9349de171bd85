import { describe, expect, test } from 'vitest';
import type { Notice } from '../../src/model/plan.ts';
import { planText } from '../../src/view/plan.ts';
import { about, aliases, creation, deletion, desired, live, LOOK, noop, plan, ref, update } from './values.ts';

const orphan = (key_alias: string): Notice => ({
  code: 'orphan',
  ref: ref(key_alias),
  message: 'Belongs to this set, but the spec does not mention it (any more).',
  hint: 'Delete it with --prune.',
});

describe('planText', () => {
  test('shows the keys of a roster once, and every other change by itself', () => {
    const roster = aliases(25).map((alias) =>
      creation(alias, {
        models: ['gpt-4o-mini'],
        max_budget: 5,
        user_id: `${alias.slice(4)}@example.com`,
        expires: '2026-11-24T12:00:00.000Z',
        'metadata.cost_center': 'training',
      }),
    );
    const changes = [
      ...roster,
      update('instructor', [
        { field: 'max_budget', from: 5, to: 10 },
        { field: 'models', from: [], to: ['gpt-4o'] },
        { field: 'tpm_limit', from: 100, to: null },
        { field: 'expires', from: null, to: '2026-12-24T18:00:00Z' },
      ]),
      deletion('lab-old'),
      noop('lab-same'),
    ];
    expect(planText(plan(changes, { notices: [orphan('lab-x'), orphan('lab-y')] }), LOOK)).toMatchInlineSnapshot(`
      "ai-workshop

        + lab-user1 … user25 (25 keys)
            models                gpt-4o-mini
            max_budget            5
            user_id               {user}@example.com
            expires               2026-11-24 12:00 UTC (in 3 days)
            metadata.cost_center  training

        ~ instructor
            max_budget  5 → 10
            models      all models → gpt-4o
            tpm_limit   100 → not set
            expires     never → 2026-12-24 18:00 UTC (in 33 days)

        - lab-old # not in the spec

      notice: lab-x, lab-y: Belongs to this set, but the spec does not mention it (any more).
        Delete it with --prune.

      Plan: 25 to create, 1 to update, 1 to delete, 1 unchanged.
      "
    `);
  });

  test('never hides a field that differs from key to key', () => {
    const changes = [
      creation('lab-ada', { user_id: 'ada@example.com', max_budget: 5 }),
      creation('lab-bob', { user_id: 'robert@example.org', max_budget: 5 }),
      creation('lab-eve', { user_id: 'eve@example.com', max_budget: 20 }),
    ];
    expect(planText(plan(changes), LOOK)).toMatchInlineSnapshot(`
      "ai-workshop

        + lab-ada
            user_id     ada@example.com
            max_budget  5

        + lab-bob
            user_id     robert@example.org
            max_budget  5

        + lab-eve
            user_id     eve@example.com
            max_budget  20

      Plan: 3 to create, 0 to update, 0 to delete, 0 unchanged.
      "
    `);
  });

  test('shows what comes and goes of a long list', () => {
    const from = ['a', 'b', 'c', 'd'];
    const text = planText(plan([update('x', [{ field: 'models', from, to: ['b', 'c', 'd', 'e f'] }])]), LOOK);
    expect(text).toContain('models  + e f, - a (3 stay)\n');
  });

  test('has words for each action', () => {
    const one = { ...about('x'), desired: desired('x'), live: live('x') };
    const text = planText(
      plan([
        { ...one, action: 'replace', because: 'ended', reason: 'expired 2026-11-20T12:00:00Z' },
        { ...one, action: 'adopt', reason: null, fields: [{ field: 'set', from: null, to: 'ai-workshop' }] },
      ]),
      LOOK,
    );
    expect(text).toMatchInlineSnapshot(`
      "ai-workshop

        ± x # expired 2026-11-20T12:00:00Z

        > x
            set  not set → ai-workshop

      Plan: 0 to create, 0 to update, 1 to replace, 1 to adopt, 0 to delete, 0 unchanged.
      "
    `);
  });

  test('says in one line that there is nothing to do', () => {
    expect(planText(plan([noop('a')]), LOOK)).toBe('No changes. 1 key is as the spec says.\n');
    expect(planText(plan([noop('a'), noop('b')]), LOOK)).toBe('No changes. 2 keys are as the spec says.\n');
    expect(planText(plan([]), LOOK)).toBe('No changes. The spec wants no keys.\n');
    expect(planText(plan([], { state: 'absent' }), LOOK)).toBe('No changes. No key is left.\n');
  });

  test('shows the hand-outs that would be written, and only then has something to do', () => {
    const place = (name: string) => ({ sink: 'dotenv', path: `/home/ada/out/${name}.env` });
    const rewrites = ['/home/ada/out/a.env', '/etc/b.env', ...aliases(3).map((name) => place(name).path)];
    const withdrawals = [{ ref: ref('old'), key_id: '0', places: [place('old')] }];
    expect(planText(plan([noop('a')], { rewrites, withdrawals }), LOOK)).toMatchInlineSnapshot(`
      "  Would write again: out/a.env, /etc/b.env, out/lab-user1.env, and 2 more files
        Would take keys out of out/old.env
      Plan: 0 to create, 0 to update, 0 to delete, 1 unchanged, 6 hand-outs to write.
      "
    `);
  });

  test('says what apply would refuse', () => {
    const refusal: Notice = {
      code: 'guard',
      ref: null,
      message: 'It would delete 8 of 10 keys.',
      hint: 'Allow it with --max-deletions 8.',
    };
    expect(planText(plan([deletion('a')], { refusals: [refusal] }), LOOK)).toMatchInlineSnapshot(`
      "ai-workshop

        - a # not in the spec

      refused: It would delete 8 of 10 keys.
        Allow it with --max-deletions 8.
        More: vkeys help faults

      Plan: 0 to create, 0 to update, 1 to delete, 0 unchanged. Refused: apply would stop at 1 problem.
      "
    `);
    expect(planText(plan([], { refusals: [refusal] }), LOOK)).toContain('\nRefused: apply would stop at 1 problem.\n');
  });

  test('has colours for those who want them', () => {
    const text = planText(plan([creation('a', { max_budget: 5 }), deletion('b')], { notices: [orphan('c')] }), {
      ...LOOK,
      color: 1,
    });
    expect(text).toMatchInlineSnapshot(`
      "ai-workshop

        [32m+[39m a
            max_budget  5

        [31m-[39m b[2m # not in the spec[22m

      [33mnotice:[39m c: Belongs to this set, but the spec does not mention it (any more).
        Delete it with --prune.

      [1mPlan: 1 to create, 0 to update, 1 to delete, 0 unchanged.[22m
      "
    `);
  });
});
