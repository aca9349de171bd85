import { describe, expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { reportJson, reportText } from '../../src/view/report.ts';
import { ansibleJson } from '../../src/view/ansible.ts';
import { aliases, applied, creation, deletion, LOOK, noop, report, update } from './values.ts';

const QUIET = { showKeys: false, seconds: 2.14, written: [] };
const TEAM = new VkeysError('api', 'There is no team x.', 'Create the team first.');

describe('reportText', () => {
  test('tells a few keys one by one, with masked keys', () => {
    const outcomes = [
      applied(creation('lab-ada', {})),
      applied(update('svc', [])),
      applied(deletion('old')),
      applied(noop('same')),
    ];
    expect(reportText(report(outcomes), LOOK, { ...QUIET, written: ['/secrets/lab-ada.env'] })).toMatchInlineSnapshot(`
      "  + lab-ada  sk-…wXyZ  expires 2026-11-24 12:00 UTC (in 3 days)
        ~ svc  sk-...wXyZ  expires 2026-11-24 12:00 UTC (in 3 days)
        - old

      Keys written to /secrets/lab-ada.env

      Applied: 1 created, 1 updated, 1 deleted, 1 unchanged in 2.1 s.
      "
    `);
  });

  test('tells many keys together', () => {
    const outcomes = aliases(25).map((alias) => applied(creation(alias, {})));
    const written = aliases(25).map((alias) => `/secrets/${alias}.env`);
    expect(reportText(report(outcomes), LOOK, { ...QUIET, written })).toMatchInlineSnapshot(`
      "  + lab-user1 … user25 (25 created)

      Keys written to /secrets/lab-user1.env
                      /secrets/lab-user2.env
                      /secrets/lab-user3.env
                      and 22 more files

      Applied: 25 created in 2.1 s.
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
    expect(reportText(report([], { missing: ['a'] }), LOOK, QUIET)).toBe('Nothing to do: 1 key is not there.\n');
  });
});

describe('reportJson', () => {
  test('is the documented shape', () => {
    const ada = applied(creation('lab-ada', { user_id: 'ada@example.com', max_budget: 5 }));
    expect(reportJson(report([ada]), { secrets: true })).toEqual({
      version: 1,
      set: 'ai-workshop',
      state: 'present',
      changed: true,
      api_endpoint: 'https://litellm.example.com',
      api_base_url: 'https://litellm.example.com/v1',
      summary: { create: 1, update: 0, adopt: 0, rotate: 0, delete: 0, noop: 0, failed: 0, skipped: 0 },
      keys: [
        {
          key_alias: 'lab-ada',
          user: 'ada',
          user_id: null,
          action: 'create',
          status: 'applied',
          changed: true,
          key: 'sk-lab-ada-secret-wXyZ',
          key_id: ada.live?.key_id,
          models: [],
          expires: '2026-11-24T12:00:00Z',
          max_budget: null,
          changes: [
            { field: 'user_id', from: null, to: 'ada@example.com' },
            { field: 'max_budget', from: null, to: 5 },
          ],
        },
      ],
      notices: [],
    });
  });

  test('leaves keys out without secrets', () => {
    expect(JSON.stringify(reportJson(report([applied(creation('a', {}))]), { secrets: false }))).not.toContain(
      '"key":',
    );
  });

  test('counts what was deleted and what was not there', () => {
    const json = reportJson(report([applied(deletion('a'))], { state: 'absent', missing: ['b', 'c'] }), {
      secrets: true,
    });
    expect(json).toMatchObject({ state: 'absent', changed: true, deleted_count: 1, missing_count: 2 });
    expect(json).toMatchObject({ keys: [{ key_alias: 'a', action: 'delete', changed: true }] });
  });

  test('says that a key which was made and not delivered is a change that failed', () => {
    const outcome = applied(creation('a', {}), { status: 'failed', error: TEAM });
    expect(reportJson(report([outcome]), { secrets: true })).toMatchObject({
      changed: true,
      summary: { create: 0, failed: 1 },
      keys: [
        {
          status: 'failed',
          changed: true,
          error: { kind: 'api', message: 'There is no team x.', hint: 'Create the team first.' },
        },
      ],
    });
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
        key_id: outcome.live?.key_id,
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
