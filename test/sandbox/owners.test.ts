import { describe, expect, it } from 'vitest';
import { bench, errorOf, type Bench } from './harness.ts';

const FOUR = ['1.65.8', '1.77.7', '1.83.14', '1.108.7'] as const;

function call({ post }: Bench, secret: string, model = 'gpt-4o-mini'): number {
  return post('/v1/chat/completions', { model, messages: [] }, secret).status;
}

/** A team with a key that was used, so that the process has both in memory. */
function inUse(at: Bench, fields: object = {}) {
  at.post('/team/new', { team_id: 'red' });
  at.post('/user/new', { user_id: 'ada', auto_create_key: false });
  const key = at.make({ team_id: 'red', user_id: 'ada', ...fields });
  expect(call(at, key.secret)).toBe(200);
  return key;
}

describe('what a process believes for a minute', () => {
  it.each(FOUR)('%s lets a blocked team call on, and 1.65.8 as long as it does', (version) => {
    const at = bench({ version });
    const { secret } = inUse(at);
    at.post('/team/block', { team_id: 'red' });
    expect(call(at, secret)).toBe(200);
    at.pass(50);
    expect(call(at, secret)).toBe(200);
    at.pass(20);
    expect(call(at, secret)).toBe(version === '1.65.8' ? 200 : 401);
    at.pass(61);
    expect(call(at, secret)).toBe(401);
  });

  it('a block is felt at once on the newest version, and by /team/update on all', () => {
    const newest = bench();
    const { secret } = inUse(newest);
    newest.post('/team/block', { team_id: 'red' });
    expect(call(newest, secret)).toBe(401);
    const older = bench({ version: '1.77.7' });
    const other = inUse(older);
    older.post('/team/block', { team_id: 'red' });
    older.post('/team/update', { team_id: 'red', blocked: true });
    expect(call(older, other.secret)).toBe(401);
  });

  it('a budget that changes or goes counts a minute longer, unless its key is changed', () => {
    const at = bench();
    at.post('/budget/new', { budget_id: 'frugal', max_budget: 0 });
    const [one, two] = [at.make({ budget_id: 'frugal' }), at.make({ budget_id: 'frugal' })];
    expect([call(at, one.secret), call(at, two.secret)]).toEqual([422, 422]);
    at.post('/budget/delete', { id: 'frugal' });
    expect(call(at, one.secret)).toBe(422);
    at.post('/key/update', { key: two.hash, metadata: {} });
    expect(call(at, two.secret)).toBe(200);
    at.pass(61);
    expect(call(at, one.secret)).toBe(200);
  });

  it.each(FOUR)('%s lets keys that went with their owner call on, or not', (version) => {
    const removals = {
      '/team/delete': { team_ids: ['red'] },
      '/user/delete': { user_ids: ['ada'] },
      '/team/member_delete': { team_id: 'red', user_id: 'ada' },
    };
    for (const [path, body] of Object.entries(removals)) {
      const at = bench({ version });
      const { secret } = inUse(at);
      at.post('/team/member_add', { team_id: 'red', member: { role: 'user', user_id: 'ada' } });
      expect(at.post(path, body).status).toBe(200);
      expect(call(at, secret)).toBe(version === '1.108.7' ? 401 : 200);
      at.pass(61);
      const stays = path === '/team/member_delete' && (version === '1.65.8' || version === '1.77.7');
      expect(call(at, secret)).toBe(stays ? 200 : 401);
    }
  });

  it('a key that is deleted by itself is gone at once', () => {
    const at = bench({ version: '1.77.7' });
    const { secret, hash } = inUse(at);
    at.post('/key/delete', { keys: [hash] });
    expect(call(at, secret)).toBe(401);
  });
});

describe('what the owners of a key let it do', () => {
  it('books a call on the key, its team, its user and the membership', () => {
    const at = bench();
    at.post('/team/new', { team_id: 'red', members_with_roles: [{ role: 'user', user_id: 'ada' }] });
    const { secret, hash } = at.make({ team_id: 'red', user_id: 'ada' });
    call(at, secret);
    const { body } = at.get('/team/info?team_id=red');
    expect(body).toMatchObject({
      team_info: { spend: 0.05 },
      keys: [{ spend: 0.05 }],
      team_memberships: [{ user_id: 'ada', spend: 0.05, total_spend: 0.05 }, { spend: 0 }],
    });
    expect(at.get('/user/info?user_id=ada').body).toMatchObject({ user_info: { spend: 0.05 } });
    expect(at.info(hash)).toMatchObject({ spend: 0.05 });
  });

  it.each([...FOUR, '1.110.2'] as const)('%s counts the calls of a team and of a user', (version) => {
    const at = bench({ version });
    at.post('/team/new', { team_id: 'red', rpm_limit: 2 });
    at.post('/user/new', { user_id: 'ada', auto_create_key: false, rpm_limit: 1 });
    const mine = at.make({ user_id: 'ada' });
    const ours = [at.make({ team_id: 'red' }), at.make({ team_id: 'red' }), at.make({ team_id: 'red' })];
    expect(ours.map(({ secret }) => call(at, secret))).toEqual([200, 200, 429]);
    expect([call(at, mine.secret), call(at, mine.secret)]).toEqual([200, 429]);
    at.pass(61);
    expect(call(at, mine.secret)).toBe(200);
  });

  it.each(['1.77.7', '1.83.14', '1.108.7'] as const)('%s lets a member use the models of its own', (version) => {
    const at = bench({ version });
    at.post('/team/new', { team_id: 'red' });
    const member = { role: 'user', user_id: 'ada' };
    at.post('/team/member_add', { team_id: 'red', member, allowed_models: ['claude-sonnet'] });
    const { secret } = at.make({ team_id: 'red', user_id: 'ada' });
    expect(call(at, secret)).toBe({ '1.77.7': 200, '1.83.14': 401, '1.108.7': 403 }[version]);
    expect(call(at, secret, 'claude-sonnet')).toBe(200);
  });

  it('a budget is what the version prefers: of the key itself, or of the row that it names', () => {
    const spent = (version: '1.77.7' | '1.83.14', own: number, shared: number): number => {
      const at = bench({ version });
      at.post('/budget/new', { budget_id: 'b', max_budget: shared });
      return call(at, at.make({ budget_id: 'b', max_budget: own }).secret);
    };
    expect([spent('1.77.7', 0, 5), spent('1.77.7', 5, 0)]).toEqual([200, 400]);
    expect([spent('1.83.14', 0, 5), spent('1.83.14', 5, 0)]).toEqual([400, 200]);
  });

  it('a user over budget can call with the keys of a team', () => {
    const at = bench();
    at.post('/team/new', { team_id: 'red' });
    at.post('/user/new', { user_id: 'ada', auto_create_key: false, max_budget: 0 });
    const { secret } = at.make({ user_id: 'ada' });
    expect(errorOf(at.post('/v1/chat/completions', { model: 'gpt-4o-mini' }, secret)).message).toBe(
      'ExceededBudget: User=ada over budget. Spend=0.0, Budget=0.0',
    );
    expect(call(at, at.make({ user_id: 'ada', team_id: 'red' }).secret)).toBe(200);
  });
});
