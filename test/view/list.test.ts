import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Live } from '../../src/model/resource.ts';
import { statusOf } from '../../src/model/status.ts';
import { Secret } from '../../src/base/secret.ts';
import { cardText } from '../../src/view/card.ts';
import { live, LOOK, NOW, PIPED, listJson, listText } from './values.ts';

const KEYS = [
  live('lab-user10', {
    spend: 1.2,
    settings: { max_budget: 5, models: ['gpt-4o-mini', 'claude-sonnet'], user_id: 'u10@example.com' },
    expires: '2026-11-24T12:00:00Z',
  }),
  live('lab-user2', { spend: 0.0042, settings: { max_budget: 0.004, blocked: true }, expires: '2026-11-21T10:00:00Z' }),
  live('svc', { mark: null, spend: 12 }),
];

function by(sort: string): string {
  return listText(KEYS, PIPED, { columns: ['key_alias'], sort })
    .trim()
    .replaceAll('\n', ' ');
}

describe('listText', () => {
  test.each(['日本', 'e\u0301e\u0301', '👩‍🚀🇩🇪', 'ｱｲ'])('has its columns under their headings beside %s', (alias) => {
    const text = listText(
      [live(alias), live('abcdefgh')],
      { ...LOOK, columns: 120 },
      { columns: ['key_alias', 'spend'] },
    );
    const widths = text
      .split('\n')
      .slice(0, 3)
      .map((line) => stringWidth(line.replace(/\S+$/, '')));
    expect(new Set(widths).size).toBe(1);
  });

  test('is a table on a terminal', () => {
    expect(listText(KEYS, { ...LOOK, columns: 120 }, {})).toMatchInlineSnapshot(`
      "KEY_ALIAS   OWNED_BY     KEY_NAME    STATUS   MODELS                     SPEND           EXPIRES    USER_ID
      lab-user2   ai-workshop  sk-...wXyZ  blocked  all                        0.0042 / 0.004  2 h ago
      lab-user10  ai-workshop  sk-...wXyZ  active   gpt-4o-mini,claude-sonnet  1.20 / 5.00     in 3 days  u10@example.com
      svc                      sk-...wXyZ  active   all                        12.00           never

      3 keys, 13.20 US dollars spent
      "
    `);
  });

  test('cuts wide columns on a narrow terminal, and says which it leaves out', () => {
    expect(listText(KEYS, { ...LOOK, columns: 60 }, {})).toMatchInlineSnapshot(`
      "KEY_ALIAS   OWNED_BY     KEY_NAME    STATUS   MODELS
      lab-user2   ai-workshop  sk-...wXyZ  blocked  all
      lab-user10  ai-workshop  sk-...wXyZ  active   gpt-4o-mini,c…
      svc                      sk-...wXyZ  active   all
      Not shown for want of space: spend, expires, user_id. Choose with --columns.

      3 keys, 13.20 US dollars spent
      "
    `);
    for (const line of listText(KEYS, { ...LOOK, columns: 100 }, {}).split('\n'))
      expect(line.length).toBeLessThanOrEqual(100);
  });

  test('is tab-separated lines when piped, with exact values and no header', () => {
    expect(listText(KEYS, PIPED, { columns: ['key_alias', 'expires', 'spend', 'models', 'max_budget'] })).toBe(
      'lab-user2\t2026-11-21T10:00:00Z\t0.0042\t\t0.004\n' +
        'lab-user10\t2026-11-24T12:00:00Z\t1.2\tgpt-4o-mini,claude-sonnet\t5\n' +
        'svc\t\t12\t\t\n',
    );
  });

  test('sorts by any column, both ways, and keys without a value last', () => {
    expect(by('spend')).toBe('lab-user2 lab-user10 svc');
    expect(by('-spend')).toBe('svc lab-user10 lab-user2');
    expect(by('expires')).toBe('lab-user2 lab-user10 svc');
    expect(by('-expires')).toBe('lab-user10 lab-user2 svc');
  });

  test('has one heading and one width for each column, however many keys there are', () => {
    const many = Array.from({ length: 1201 }, (_, index) => live(`key-${String(10 ** (index % 12))}-${String(index)}`));
    const lines = listText(many, { ...LOOK, columns: 120 }, { columns: ['key_alias', 'spend'] }).split('\n');
    expect(lines.filter((line) => line.startsWith('KEY_ALIAS'))).toHaveLength(1);
    expect(new Set(lines.slice(0, 1202).map((line) => line.replace(/\S+$/, '').length)).size).toBe(1);
    expect(lines.slice(1202)).toEqual(['', '1201 keys, 0.00 US dollars spent', '']);
  });

  test('refuses a column that does not exist, with the one that was meant', () => {
    expect(() => listText(KEYS, LOOK, { columns: ['key_alais'] })).toThrow(
      'There is no column key_alais. Did you mean key_alias?',
    );
    expect(() => listText(KEYS, LOOK, { sort: '-spent' })).toThrow('There is no column spent. Did you mean spend?');
  });

  test('says that there are none', () => {
    expect(listText([], LOOK, {})).toBe('No keys.\n');
    expect(listText([], PIPED, {})).toBe('');
  });
});

test('listJson has LiteLLM names, who owns the key, and its status', () => {
  expect(listJson(KEYS.slice(1, 2), NOW, {})).toEqual([
    {
      key_alias: 'lab-user2',
      key_id: new Secret('lab-user2').hash(),
      key_name: 'sk-...wXyZ',
      owned_by: 'ai-workshop',
      status: 'blocked',
      user_id: null,
      team_id: null,
      models: [],
      spend: 0.0042,
      max_budget: 0.004,
      budget_duration: null,
      budget_reset_at: null,
      tpm_limit: null,
      shared_with: [],
      rpm_limit: null,
      max_parallel_requests: null,
      blocked: true,
      metadata: {},
      last_active: null,
      total_spend: null,
      model_spend: null,
      created_at: '2026-11-21T09:00:00Z',
      expires: '2026-11-21T10:00:00Z',
    },
  ]);
});

function status(more: Partial<Live>): string {
  return statusOf(live('x', more), NOW);
}

test('a key is blocked, expired, over its budget, or active', () => {
  expect(status({ settings: { blocked: true }, expires: '2026-11-21T10:00:00Z' })).toBe('blocked');
  expect(status({ expires: '2026-11-21T12:00:00Z', spend: 5, settings: { max_budget: 5 } })).toBe('expired');
  expect(status({ spend: 5, settings: { max_budget: 5 } })).toBe('over_budget');
  expect(status({ settings: { max_budget: 0 } })).toBe('over_budget');
  expect(status({ spend: 5 })).toBe('active');
});

describe('cardText', () => {
  const secret = new Secret('sk-0123456789abcdef');
  const api_base_url = 'https://litellm.example.com/v1';
  const key = live('svc', {
    settings: { max_budget: 5, tpm_limit: 100 },
    metadata: { vkeys: { set: 'adhoc' }, team: 'a' },
    budget_reset_at: '2026-12-01T00:00:00Z',
  });

  test('shows the key and where to use it first', () => {
    expect(cardText(key, LOOK, { secret, showKey: true, api_base_url })).toMatchInlineSnapshot(`
      "svc

        key            sk-0123456789abcdef
        base URL       https://litellm.example.com/v1
        status         active
        expires        never
        models         all models
        spend          0.00 / 5.00 US dollars
        tpm_limit      100
        metadata.team  a
        budget reset   2026-12-01 00:00 UTC (in 10 days)
        created        2026-11-21 09:00 UTC (3 h ago)
        set            ai-workshop
        key_id         348c658682ae8701d3e9d21f191872491cf15e6acbb1681770b1cb787c1cf7ff
      "
    `);
  });

  test('masks it otherwise', () => {
    expect(cardText(key, LOOK, { secret, showKey: false, api_base_url })).toContain('sk-…cdef');
    expect(cardText(key, LOOK, { secret: null, showKey: true, api_base_url })).toContain('sk-...wXyZ');
    expect(
      cardText(live('x', { mark: null, created_at: null, key_name: null }), LOOK, {
        secret: null,
        showKey: true,
        api_base_url,
      }),
    ).toContain('none (not made by vkeys)');
  });
});
