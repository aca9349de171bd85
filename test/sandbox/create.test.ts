import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { bench, errorOf, textOf } from './harness.ts';

describe.each(SANDBOX_VERSIONS)('a create on %s', (version) => {
  it('answers 200 for a secret that exists, and changes nothing', () => {
    const { post, info } = bench({ version });
    const key = 'sk-client-minted-0001';
    const hash = createHash('sha256').update(key).digest('hex');
    post('/key/generate', { key, key_alias: 'first', max_budget: 1 });
    const again = post('/key/generate', { key, max_budget: 99 });
    expect([again.status, again.body.max_budget, again.body.token_id]).toEqual([200, 99, hash]);
    expect(info(hash)).toMatchObject({ key_alias: 'first', max_budget: 1 });
  });

  it('refuses an alias that is taken, by a blocked or expired key too, and not a deleted one', () => {
    const { make, post, pass } = bench({ version });
    const { hash } = make({ key_alias: 'svc' });
    post('/key/update', { key: hash, duration: '1s' });
    post('/key/block', { key: hash });
    pass(5);
    const refused = post('/key/generate', { key_alias: 'svc' });
    expect([refused.status, errorOf(refused).param]).toEqual([400, 'key_alias']);
    expect(post('/key/generate', { key_alias: 'SVC' }).status).toBe(200);
    post('/key/delete', { keys: [hash] });
    expect(post('/key/generate', { key_alias: 'svc' }).status).toBe(200);
  });

  it('keeps limits by model inside metadata', () => {
    const { make, info } = bench({ version });
    const { hash } = make({ metadata: { a: 1 }, model_rpm_limit: { x: 3 } });
    expect(info(hash).metadata).toEqual({ a: 1, model_rpm_limit: { x: 3 } });
  });
});

it.each([
  ['1.65.8', true],
  ['1.77.7', false],
  ['1.83.14', false],
  ['1.108.7', false],
  ['1.110.2', false],
] as const)('%s puts the secret into token: %s', (version, isSecret) => {
  const { post } = bench({ version });
  const { body } = post('/key/generate', {});
  expect(body.token === body.key).toBe(isSecret);
  expect(body.token === body.token_id).toBe(!isSecret);
});

it.each([
  ['10m', '2026-11-21T10:10:00+00:00', '2026-11-21T10:19:57+00:00'],
  ['30d', '2026-12-01T00:00:00+00:00', '2026-12-21T10:09:57+00:00'],
  ['1w', '2026-11-22T00:00:00+00:00', '2026-11-28T10:09:57+00:00'],
])('a duration of %s ends at %s on 1.77.7 and at %s elsewhere; an update is exact', (duration, snapped, exact) => {
  const expiry = (version: '1.77.7' | '1.83.14') => {
    const { make, info } = bench({ version });
    return info(make({ duration }).hash).expires;
  };
  expect([expiry('1.77.7'), expiry('1.83.14')]).toEqual([snapped, exact]);
  const { make, post } = bench({ version: '1.77.7' });
  expect(post('/key/update', { key: make({}).hash, duration }).body.expires).toBe(exact);
});

it('takes any nonsense for a duration on 1.77.7, and only there', () => {
  const answers = SANDBOX_VERSIONS.map((version) => bench({ version }).post('/key/generate', { duration: 'never' }));
  expect(answers.map(({ status }) => status)).toEqual([500, 200, 500, 500, 500]);
  expect(answers.map((answer) => errorOf(answer).message)).toEqual([
    'Internal Server Error, Invalid duration format',
    undefined,
    'Invalid duration format',
    'Invalid duration format',
    'Invalid duration format',
  ]);
});

// The calendar of `budget_reset_at`; `null` is a refusal.
it.each([
  ['30s', '10:10:00', '10:10:00', '10:10:00', '10:10:27'],
  ['1h', '11:00:00', '11:00:00', '11:00:00', '11:09:57'],
  ['12h', '12:00:00', '12:00:00', '12:00:00', '22:09:57'],
])('a budget of %s begins anew the same day', (period, ...expected) => {
  const times = (['1.77.7', '1.83.14', '1.108.7', '1.65.8'] as const).map((version) => {
    const { make, info } = bench({ version });
    return info(make({ budget_duration: period }).hash).budget_reset_at;
  });
  expect(times).toEqual(expected.map((time) => `2026-11-21T${time}+00:00`));
});

it.each([
  ['1d', '2026-11-22', '2026-11-22'],
  ['7d', '2026-11-23', '2026-11-23'],
  ['1w', '2026-11-22', '2026-11-23'],
  ['14d', '2026-12-05', '2026-12-05'],
  ['30d', '2026-12-01', '2026-12-01'],
  ['1mo', '2026-12-01', '2026-12-01'],
  ['weekly', '2026-11-22', '2026-11-23'],
  ['2mo', null, null],
  ['bogus', '2026-11-22', null],
])('a budget of %s begins anew at midnight on %s (1.83.14), %s (1.108.7)', (period, older, newest) => {
  const day = (version: '1.83.14' | '1.108.7') => {
    const { post, info } = bench({ version });
    const { status, body } = post('/key/generate', { budget_duration: period });
    return status === 200 ? textOf(info(textOf(body.token_id)).budget_reset_at).replace('T00:00:00+00:00', '') : null;
  };
  expect([day('1.83.14'), day('1.108.7')]).toEqual([older, newest]);
});

it('drops the fields that a version does not know without a word', () => {
  const kept = SANDBOX_VERSIONS.map((version) => {
    const { post } = bench({ version });
    const { status, body } = post('/key/generate', { allowed_routes: ['/a'], access_group_ids: ['g'], tpd_limit: 5 });
    return [status, body.allowed_routes, body.access_group_ids, body.tpd_limit];
  });
  expect(kept).toEqual([
    [200, undefined, undefined, undefined],
    [200, ['/a'], undefined, undefined],
    [200, ['/a'], ['g'], undefined],
    [200, ['/a'], ['g'], 5],
    [200, ['/a'], ['g'], 5],
  ]);
});

it('refuses empty licence fields, except on newer versions', () => {
  const statuses = SANDBOX_VERSIONS.map((version) => bench({ version }).post('/key/generate', { tags: [] }).status);
  expect(statuses).toEqual([403, 403, 403, 200, 200]);
});

it('may forbid secrets of the client', () => {
  const { post } = bench({ disableCustomKeys: true });
  const refused = post('/key/generate', { key: 'sk-client-minted-0001' });
  expect([refused.status, errorOf(refused).message]).toEqual([
    403,
    "{'error': 'Custom API key values are disabled by your administrator. Keys must be auto-generated.'}",
  ]);
  expect(post('/key/generate', {}).body.key).toMatch(/^sk-[\w-]{22}$/);
});

it("fills what is missing with the site's defaults and bounds, and refuses more", () => {
  const { post } = bench({
    keyDefaults: { max_budget: 1.5, models: ['gpt-4o-mini'] },
    upperBounds: { max_budget: 9, rpm_limit: 7 },
  });
  expect(post('/key/generate', {}).body).toMatchObject({ max_budget: 1.5, models: ['gpt-4o-mini'], rpm_limit: 7 });
  const refused = errorOf(post('/key/generate', { max_budget: 10 }));
  expect(refused.message).toContain('max_budget is over max limit set in config - user_value=10.0; max_value=9.0');
});
