import { describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';
import { bench, errorOf } from './harness.ts';

function counts(query: string): readonly unknown[] {
  return SANDBOX_VERSIONS.map((version) => {
    const { make, get } = bench({ version });
    make({ key_alias: 'team-a', user_id: 'ada' });
    make({ key_alias: 'team-b', user_id: 'ada2' });
    make({ key_alias: 'Xteam-ax', user_id: 'bob' });
    return get(`/key/list?${query}`).body.total_count ?? get(`/key/list?${query}`).status;
  });
}

describe('/key/list by version', () => {
  it.each([
    ['key_alias=team-a', [1, 1, 2, 1, 1]],
    ['key_alias=TEAM', [0, 0, 3, 0, 0]],
    ['key_alias=team-a&substring_matching=true', [1, 1, 2, 2, 2]],
    ['key_alias=t%25a', [0, 0, 3, 0, 0]],
    ['user_id=ada', [1, 1, 2, 1, 1]],
    ['key_alias=&user_id=', [3, 3, 3, 3, 3]],
    [`key_hash=${'0'.repeat(64)}`, [3, 0, 0, 0, 0]],
    ['status=expired', [3, 3, 400, 0, 0]],
    ['status=deleted', [3, 3, 0, 0, 0]],
    ['sort_by=expires', [3, 400, 400, 400, 3]],
    ['sort_by=no_such_column', [3, 400, 400, 400, 400]],
    ['sort_by=created_at&sort_order=ASC', [3, 3, 3, 3, 3]],
    ['search=EAM-A', [3, 3, 3, 2, 2]],
    ['expires=active', [3, 3, 3, 3, 3]],
    ['expires=expired', [3, 3, 3, 0, 0]],
    ['expires=no_such_time', [3, 3, 3, 400, 400]],
    ['no_such_filter=1', [3, 3, 3, 3, 3]],
    ['size=100', [3, 3, 3, 3, 3]],
    ['size=0', [422, 422, 422, 422, 422]],
    ['size=101', [422, 422, 422, 422, 422]],
    ['page=0', [422, 422, 422, 422, 422]],
  ])('finds for %s %j keys', (query, expected) => {
    expect(counts(query)).toEqual(expected);
  });

  it('lists newest first, and oldest first when asked, where sorting is known', () => {
    const orders = SANDBOX_VERSIONS.map((version) => {
      const { make, get, pass } = bench({ version });
      const hashes = ['a', 'b', 'c'].map((alias) => {
        pass(1);
        return make({ key_alias: alias }).hash;
      });
      const listed = get('/key/list?sort_by=created_at&sort_order=asc').body.keys;
      return Array.isArray(listed) && listed.join() === hashes.join();
    });
    expect(orders).toEqual([false, true, true, true, true]);
  });

  it('skips a row when one before it is deleted between two pages', () => {
    const { make, get, post, pass } = bench();
    const hashes = [1, 2, 3, 4]
      .map((number) => {
        pass(1);
        return make({ key_alias: `k${number}` }).hash;
      })
      .toReversed();
    expect(get('/key/list?size=2').body.keys).toEqual(hashes.slice(0, 2));
    post('/key/delete', { keys: [hashes[0] ?? ''] });
    expect(get('/key/list?size=2&page=2').body.keys).toEqual(hashes.slice(3));
  });

  it('answers the true totals beyond the end', () => {
    const { make, get } = bench();
    make({});
    expect(get('/key/list?page=9').body).toEqual({ keys: [], total_count: 1, current_page: 9, total_pages: 1 });
  });
});

it('knows a deleted key on newer versions only', () => {
  const answers = SANDBOX_VERSIONS.map((version) => {
    const { make, post, get } = bench({ version });
    const { hash } = make({});
    post('/key/delete', { keys: [hash] });
    return get(`/key/info?key=${hash}`);
  });
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 200, 200]);
  expect(answers.at(-1)?.body.info).toMatchObject({ status: 'deleted', deleted_by: 'default_user_id' });
});

it('answers a delete with what was sent, unknown keys included', () => {
  const { make, post } = bench();
  const sent = [make({}).hash, '0'.repeat(64)];
  expect(post('/key/delete', { keys: sent }).body).toEqual({ deleted_keys: sent });
});

it('answers a delete that found nothing with 404, except on 1.65.8', () => {
  const statuses = SANDBOX_VERSIONS.map((version) => bench({ version }).post('/key/delete', { keys: ['0'] }).status);
  expect(statuses).toEqual([200, 404, 404, 404, 404]);
});

it.each([['gpt-4o-mini', 'no-such-model'], ['gpt-4o-mini']] as const)(
  'shows a key the models that it names: %s',
  (...models) => {
    const { make, get } = bench();
    const { secret } = make({ models });
    expect(get('/v1/models', secret).body.data).toMatchObject(models.map((id) => ({ id })));
  },
);

it.each<[SandboxVersion, string]>([
  ['1.83.14', '/health/readiness'],
  ['1.108.7', '/public/model_hub/info'],
])('%s tells its version without a key at %s', (version, path) => {
  expect(bench({ version }).get(path, '').body.litellm_version).toBe(version);
});

it('says where a request went wrong before it looks at the key', () => {
  const { get, post } = bench();
  expect(get('/v1/key/list', 'sk-unknown').body).toEqual({ detail: 'Not Found' });
  expect(get('/key/generate', 'sk-unknown').status).toBe(405);
  const moved = post('/key/generate/', {}, 'sk-unknown');
  expect([moved.status, moved.headers.location]).toEqual([307, 'http://127.0.0.1:4000/key/generate']);
});

it('dates its answers by the given clock', () => {
  expect(bench().get('/health/readiness').headers.date).toBe('Sat, 21 Nov 2026 10:09:57 GMT');
});

it.each([
  ['none', 500, "{'error': 'DB not connected.", 'Not connected'],
  ['down', 500, 'All connection attempts failed', 'disconnected'],
] as const)('without a database (%s) creates nothing', (database, status, text, name) => {
  const { sandbox, post, get } = bench();
  sandbox.setDatabase(database);
  const refused = post('/key/generate', {});
  expect(refused.status).toBe(status);
  expect(errorOf(refused).message).toContain(text);
  expect(get('/health/readiness').body.db).toBe(name);
});
