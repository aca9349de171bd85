import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { bench, errorOf, type Reply, textOf } from './harness.ts';

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };

function told(reply: Reply): readonly unknown[] {
  return [reply.status, errorOf(reply).type];
}

describe('a call with a virtual key', () => {
  it('costs 0.05 and is over budget from then on', () => {
    const answers = SANDBOX_VERSIONS.map((version) => {
      const { make, post, info } = bench({ version });
      const { secret, hash } = make({ max_budget: 0.001 });
      const first = post('/v1/chat/completions', CHAT, secret).status;
      return [first, info(hash).spend, ...told(post('/v1/chat/completions', CHAT, secret))];
    });
    const older = [200, 0.05, 400, 'budget_exceeded'];
    const newer = [200, 0.05, 422, 'budget_exceeded'];
    expect(answers).toEqual([older, older, older, newer, newer]);
  });

  it('is refused after its end, with the key in param in another way on each version', () => {
    const params = SANDBOX_VERSIONS.map((version) => {
      const { make, post, pass } = bench({ version });
      const { secret, hash } = make({});
      post('/key/update', { key: hash, duration: '1s' });
      pass(2);
      const refused = post('/v1/chat/completions', CHAT, secret);
      const { param } = errorOf(refused);
      return [refused.status, param === secret ? 'secret' : param === hash ? 'hash' : textOf(param).slice(0, 6)];
    });
    expect(params).toEqual([
      [400, 'hash'],
      [400, 'secret'],
      [400, 'sk-...'],
      [401, 'sk-...'],
      [401, 'sk-...'],
    ]);
  });

  it.each([
    ['blocked', { blocked: true }, [401, 'auth_error']],
    ['denied the model', { models: ['claude-sonnet'] }, [403, 'key_model_access_denied']],
    ['over its rate', { rpm_limit: 0 }, [429, 'throttling_error']],
  ] as const)('is refused when %s', (_, fields, expected) => {
    const { make, post } = bench();
    const { secret } = make(fields);
    expect(told(post('/v1/chat/completions', CHAT, secret))).toEqual(expected);
  });

  it('may not manage keys', () => {
    const { make, post, get } = bench();
    const { secret, hash } = make({});
    expect(told(post('/key/generate', {}, secret))).toEqual([401, 'auth_error']);
    expect(get('/key/list', secret).status).toBe(403);
    expect(get('/key/info', secret).body.key).toBe(hash);
  });
});

it('lets the key of an administrator manage keys, and of an internal user only its own', () => {
  const { make, post, get } = bench();
  post('/user/new', { user_id: 'root', user_role: 'proxy_admin', auto_create_key: false });
  post('/user/new', { user_id: 'ada', user_role: 'internal_user', auto_create_key: false });
  const foreign = make({ key_alias: 'foreign' });
  const admin = make({ user_id: 'root' });
  const member = make({ user_id: 'ada' });
  expect(get('/key/list', admin.secret).body.total_count).toBe(3);
  expect(get('/key/list', member.secret).body.total_count).toBe(1);
  expect(post('/key/update', { key: foreign.hash, max_budget: 1 }, member.secret).status).toBe(403);
  expect(post('/key/delete', { keys: [foreign.hash] }, admin.secret).status).toBe(200);
});

it('lets a viewer see everything and change nothing', () => {
  const { make, post, get } = bench();
  post('/user/new', { user_id: 'vera', user_role: 'proxy_admin_viewer', auto_create_key: false });
  const { secret } = make({ user_id: 'vera' });
  make({});
  expect(get('/key/list', secret).body.total_count).toBe(2);
  expect(told(post('/key/generate', {}, secret))).toEqual([403, 'auth_error']);
});

it('takes the tokens of a cluster as administrators', () => {
  const { get } = bench({ openshiftTokens: ['sha256~cluster-admin'] });
  expect(get('/key/list', 'sha256~cluster-admin').status).toBe(200);
  expect(get('/key/list', 'sha256~somebody').status).toBe(401);
});

it('opens a session whose key manages keys, is never listed and ends after a day', () => {
  const { sandbox, get, pass } = bench();
  const form = { method: 'POST', path: '/login', headers: {}, body: 'username=admin&password=sk-sandbox' };
  const { status, headers } = sandbox.handle(form);
  const token = headers['set-cookie']?.split('.')[1] ?? '';
  const claims = parseJson(Buffer.from(token, 'base64url').toString());
  expect([status, headers.location]).toEqual([303, 'http://127.0.0.1:4000/ui?login=success']);
  expect(claims).toMatchObject({ user_role: 'proxy_admin', auth_header_name: 'Authorization' });
  const key = isObject(claims) ? textOf(claims.key) : '';
  expect(get('/key/list', key).body).toMatchObject({ keys: [], total_count: 0 });
  pass(24 * 3600 + 1);
  expect(get('/key/list', key).status).toBe(401);
});
