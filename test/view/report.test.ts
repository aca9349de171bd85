import { describe, expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { reportText } from '../../src/view/report.ts';
import { ansibleJson } from '../../src/view/ansible.ts';
import type { Change } from '../../src/model/change.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import { aliases, applied, creation, deletion, live, LOOK, noop, NOW, report, update } from './values.ts';

const QUIET = { showKeys: false, seconds: 2.14, ended: NOW };
const TEAM = new VkeysError('api', 'There is no team x.', 'Create the team first.');

describe('reportText', () => {
  test('tells a few keys one by one, with masked keys', () => {
    const outcomes = [
      applied(creation('lab-ada', {})),
      applied(update('svc', [{ field: 'max_budget', from: 5, to: 10 }])),
      applied(deletion('old')),
      applied(noop('same')),
    ];
    expect(reportText(report(outcomes, { written: ['/home/ada/secrets/lab-ada.env', '/etc/b.env'] }), LOOK, QUIET))
      .toMatchInlineSnapshot(`
        "  + lab-ada  sk-…wXyZ  expires 2026-11-24 12:00 UTC (in 3 days)
          ~ svc  sk-...wXyZ  expires 2026-11-24 12:00 UTC (in 3 days)
              max_budget  5 → 10
          - old  0.00 US dollars spent

        Keys written to secrets/lab-ada.env
                        /etc/b.env

        Applied: 1 created, 1 updated, 1 deleted, 1 unchanged in 2.1 s.
        2026-11-21 12:00:00 UTC, https://litellm.example.com
        "
      `);
  });

  test('is a proof of what was deleted: when, where, and what it had spent', () => {
    const gone = (name: string, spend: number, extra = {}): Outcome => {
      const change = deletion(name);
      return applied({ ...change, live: live(name, { spend, extra }) } as Change);
    };
    const few = [
      gone('lab-ada', 1.2),
      gone('b', 0.5, { total_spend: 7.25 }),
      gone('lab-eve', 0, { total_spend: null }),
    ];
    expect(reportText(report(few, { version: '1.110.2' }), LOOK, QUIET)).toMatchInlineSnapshot(`
      "  - lab-ada  1.20 US dollars spent
        - b        7.25 US dollars spent
        - lab-eve  0.00 US dollars spent

      Applied: 3 deleted in 2.1 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com, LiteLLM 1.110.2
      "
    `);
    const many = aliases(25).map((name) => gone(name, 0.1));
    expect(reportText(report(many), LOOK, QUIET)).toMatchInlineSnapshot(`
      "  - lab-user1 … user25 (25 deleted, 2.50 US dollars spent)

      Applied: 25 deleted in 2.1 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com
      "
    `);
  });

  test('tells many keys together', () => {
    const outcomes = aliases(25).map((alias) => applied(creation(alias, {})));
    const written = aliases(25).map((alias) => `/secrets/${alias}.env`);
    expect(reportText(report(outcomes, { written }), LOOK, QUIET)).toMatchInlineSnapshot(`
      "  + lab-user1 … user25 (25 created)

      Keys written to /secrets/lab-user1.env
                      /secrets/lab-user2.env
                      /secrets/lab-user3.env
                      and 22 more files

      Applied: 25 created in 2.1 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com
      "
    `);
  });

  test('tells many updates as the plan does: those that are alike together', () => {
    const raised = aliases(12).map((alias) => applied(update(alias, [{ field: 'max_budget', from: 5, to: 10 }])));
    const other = applied(update('svc', [{ field: 'models', from: [], to: ['gpt-4o'] }]));
    expect(reportText(report([...raised, other]), LOOK, QUIET)).toMatchInlineSnapshot(`
      "  ~ lab-user1 … user12 (12 updated)
            max_budget  5 → 10
        ~ svc (1 updated)
            models  all models → gpt-4o

      Applied: 13 updated in 2.1 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com
      "
    `);
  });

  test('tells what was written where no key changed', () => {
    const outcomes = [applied(noop('a'))];
    const text = reportText(
      report(outcomes, { written: ['/home/ada/a.env'], withdrawn: ['/home/ada/b.env'] }),
      LOOK,
      QUIET,
    );
    expect(text).toMatchInlineSnapshot(`
      "Keys written to a.env
      Keys taken out of b.env

      Applied: 1 unchanged, 2 hand-outs written in 2.1 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com
      "
    `);
  });

  test('shows each key where that is asked for, unchanged ones too', () => {
    const same = applied(noop('same'), { secret: applied(creation('same', {})).secret });
    const outcomes = [...aliases(11).map((alias) => applied(creation(alias, {}))), same];
    const text = reportText(report(outcomes), LOOK, { ...QUIET, showKeys: true });
    for (const alias of [...aliases(11), 'same']) expect(text).toContain(`sk-${alias}-secret-wXyZ`);
  });

  test('says what failed and why, once for each cause, and what was not tried', () => {
    const failed = { status: 'failed', live: null, secret: null, error: TEAM } as const;
    const outcomes = [
      applied(creation('lab-a', {})),
      ...aliases(3).map((alias) => applied(creation(alias, {}), failed)),
      applied(creation('z', {}), { ...failed, error: new VkeysError('network', 'Refused.\nTwice.', '') }),
      applied(creation('later', {}), { status: 'skipped', live: null, secret: null }),
    ];
    expect(reportText(report(outcomes, { notices: [] }), LOOK, QUIET)).toMatchInlineSnapshot(`
      "  + lab-a  sk-…wXyZ  expires 2026-11-24 12:00 UTC (in 3 days)

        x lab-user1 … user3 (3 keys): There is no team x.
          Create the team first.
        x z: Refused.
          Twice.

        ? not tried: later

      Partly applied: 1 created, 4 failed, 1 not tried in 2.1 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com
      "
    `);
    expect(reportText(report(outcomes.slice(1)), LOOK, QUIET)).toMatch(/^Failed: 4 failed, 1 not tried in 2\.1 s\.$/m);
  });

  test('says in one line that there was nothing to do, and what was not there', () => {
    expect(reportText(report([applied(noop('a')), applied(noop('b'))]), LOOK, QUIET)).toBe(
      'Nothing to do: 2 keys are as wanted.\n',
    );
    expect(reportText(report([applied(noop('a'))]), LOOK, QUIET)).toBe('Nothing to do: 1 key is as wanted.\n');
    expect(reportText(report([]), LOOK, QUIET)).toBe('Nothing to do.\n');
    expect(reportText(report([], { missing: ['a'] }), LOOK, QUIET)).toBe('Nothing to do: 1 is not there.\n');
  });
});

describe('ansibleJson', () => {
  const asked = { duration: '30d', models: ['gpt-4o'], user_count: null };

  test("has one key's facts at the top", () => {
    const outcome = applied(creation('svc', {}));
    expect(ansibleJson(report([outcome]), asked, { secrets: true })).toEqual({
      litellm_vkey_result: {
        key: 'sk-svc-secret-wXyZ',
        alias: 'svc',
        key_id: outcome.live?.id,
        api_endpoint: 'https://litellm.example.com',
        api_base_url: 'https://litellm.example.com/v1',
        user_id: null,
        models: ['gpt-4o'],
        duration: '30d',
        state: 'present',
        changed: true,
      },
    });
  });

  test('has a list for several users', () => {
    const outcomes = aliases(2).map((alias) => applied(creation(alias, {})));
    const { litellm_vkey_result: result } = ansibleJson(
      report(outcomes),
      { ...asked, user_count: 2 },
      { secrets: true },
    );
    expect(result).toMatchObject({
      user_count: 2,
      keys: [{ user: 'user1', alias: 'lab-user1', key: 'sk-lab-user1-secret-wXyZ' }, { user: 'user2' }],
    });
    expect(result).not.toHaveProperty('deleted_count');
  });

  test('counts for absent, without keys', () => {
    const absent = report([], { state: 'absent', missing: ['svc'] });
    const { litellm_vkey_result: result } = ansibleJson(absent, asked, { secrets: true });
    expect(result).toMatchObject({
      alias: 'svc',
      key_id: null,
      state: 'absent',
      changed: false,
      deleted_count: 0,
      missing_count: 1,
    });
    expect(result).not.toHaveProperty('key');
  });
});
