import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { bench, errorOf } from './harness.ts';

const FULL = {
  key_alias: 'svc',
  max_budget: 5,
  budget_duration: '30d',
  duration: '30d',
  tpm_limit: 10,
  models: ['gpt-4o-mini'],
  metadata: { a: 1 },
  model_rpm_limit: { x: 3 },
};

/** What one column reads after an update, or the status of a refusal, by version. */
function after(update: Record<string, Json>, column: string): readonly unknown[] {
  return SANDBOX_VERSIONS.map((version) => {
    const { make, post, info } = bench({ version });
    const { hash } = make(FULL);
    const { status } = post('/key/update', { key: hash, ...update });
    return status === 200 ? info(hash)[column] : status;
  });
}

const SNAPPED = '2026-12-01T00:00:00+00:00';
const EXACT = '2026-12-21T10:09:57+00:00';

describe('an update', () => {
  it.each([
    [{ max_budget: null }, 'max_budget', [null, null, null, null, null]],
    [{ max_budget: null }, 'budget_duration', ['30d', '30d', '30d', '30d', '30d']],
    [{ max_budget: '' }, 'max_budget', [422, 422, null, null, null]],
    [{ tpm_limit: 1.5 }, 'tpm_limit', [422, 422, 422, 422, 422]],
    [{ tpm_limit: -1 }, 'tpm_limit', [-1, -1, -1, -1, 422]],
    [{ rpm_limit: -1 }, 'rpm_limit', [-1, -1, -1, -1, 422]],
    [{ max_parallel_requests: -1 }, 'max_parallel_requests', [-1, -1, -1, -1, -1]],
    [{ models: [] }, 'models', [[], [], [], [], []]],
    [{ models: null }, 'models', [400, 400, 400, 400, 400]],
    [{ duration: '-1' }, 'expires', [400, 400, null, null, null]],
    [{ duration: null }, 'expires', [EXACT, SNAPPED, null, null, null]],
    [{ duration: '' }, 'expires', [EXACT, SNAPPED, EXACT, EXACT, EXACT]],
    [{ duration: 'never' }, 'expires', [400, 400, 400, 400, 400]],
    [{ budget_duration: null }, 'budget_duration', ['30d', '30d', '30d', null, null]],
    [{ budget_duration: '' }, 'budget_duration', ['30d', '30d', '30d', 400, 400]],
    [{ metadata: { b: 2 } }, 'metadata', [{ b: 2 }, { b: 2 }, { b: 2 }, { b: 2 }, { b: 2 }]],
    [{ metadata: null }, 'metadata', [null, null, null, null, null]],
    [{ spend: 0 }, 'spend', [0, 0, 0, 0, 0]],
    [{ team_id: 'none' }, 'team_id', ['none', 400, 404, 404, 404]],
    [{ key_alias: 'svc' }, 'key_alias', ['svc', 'svc', 'svc', 'svc', 'svc']],
  ])('of %j leaves %s at %j', (update, column, expected) => {
    expect(after(update, column)).toEqual(expected);
  });

  it('without metadata keeps it, and adds the limits that live there', () => {
    const expected = { a: 1, model_rpm_limit: { x: 3 }, model_tpm_limit: { x: 9 } };
    expect(after({ model_tpm_limit: { x: 9 } }, 'metadata')).toEqual(SANDBOX_VERSIONS.map(() => expected));
  });

  it('moves updated_at even when it is empty, and only newer versions have a time of their own for settings', () => {
    const times = SANDBOX_VERSIONS.map((version) => {
      const { make, post, info, pass } = bench({ version });
      const { hash, secret } = make({});
      pass(3);
      post('/v1/chat/completions', { model: 'gpt-4o-mini', messages: [] }, secret);
      const { updated_at: called, settings_updated_at: settings } = info(hash);
      pass(3);
      post('/key/update', { key: hash });
      return [called, settings, info(hash).updated_at, info(hash).settings_updated_at];
    });
    const [called, updated] = ['2026-11-21T10:10:00+00:00', '2026-11-21T10:10:03+00:00'];
    const older = [called, undefined, updated, undefined];
    const newer = [called, null, updated, updated];
    expect(times).toEqual([older, older, older, newer, newer]);
  });

  it('of an unknown key is 401 or 404', () => {
    const answers = SANDBOX_VERSIONS.map((version) => bench({ version }).post('/key/update', { key: '0'.repeat(64) }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 404, 404, 404]);
    expect(answers.map((answer) => errorOf(answer).type)).toEqual([
      'auth_error',
      'auth_error',
      'not_found_error',
      'not_found_error',
      'not_found_error',
    ]);
  });

  it('rotates: the old key is renamed and ends, the new one takes the alias, both work meanwhile', () => {
    const { make, post, get, pass } = bench();
    const old = make({ key_alias: 'svc' });
    post('/key/update', { key: old.hash, key_alias: 'svc--old-1', duration: '10m' });
    const fresh = make({ key_alias: 'svc' });
    expect([get('/v1/models', old.secret).status, get('/v1/models', fresh.secret).status]).toEqual([200, 200]);
    pass(601);
    expect([get('/v1/models', old.secret).status, get('/v1/models', fresh.secret).status]).toEqual([401, 200]);
    post('/key/update', { key: old.hash, duration: '1h' });
    expect(get('/v1/models', old.secret).status).toBe(200);
  });
});

it('encrypts what is secret in a logging callback on newer versions, each time anew', () => {
  const callback = (secret: string) => ({
    logging: [{ callback_name: 'langfuse', callback_vars: { langfuse_secret_key: secret, langfuse_host: 'a' } }],
  });
  const told = SANDBOX_VERSIONS.map((version) => {
    const { make, post, info } = bench({ version });
    const { hash } = make({ metadata: callback('s') });
    const first = JSON.stringify(info(hash).metadata);
    post('/key/update', { key: hash, metadata: callback('s') });
    const second = JSON.stringify(info(hash).metadata);
    post('/key/update', { key: hash, metadata: info(hash).metadata ?? null });
    return [
      /"langfuse_secret_key":"(s|litellm_enc::)/.exec(first)?.[1],
      first === second,
      JSON.stringify(info(hash).metadata) === second,
    ];
  });
  const [plain, hidden] = [
    ['s', true, true],
    ['litellm_enc::', false, true],
  ];
  expect(told).toEqual([plain, plain, plain, hidden, hidden]);
});

it('erases the team in a bulk update that does not name it, on 1.83.14', () => {
  const teams = (['1.83.14', '1.108.7'] as const).map((version) => {
    const { make, post, info } = bench({ version });
    post('/team/new', { team_id: 't' });
    const { hash } = make({ team_id: 't', max_budget: 5 });
    post('/key/bulk_update', { keys: [{ key: hash, max_budget: 6 }] });
    return [info(hash).team_id, info(hash).max_budget];
  });
  expect(teams).toEqual([
    [null, 6],
    ['t', 6],
  ]);
});
