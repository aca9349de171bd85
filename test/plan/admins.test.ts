import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { adminNotices, newUsers, plannedRoles } from '../../src/plan/admins.ts';
import { desired, live, plan } from '../support/make.ts';

const ADMINS = new Map([
  ['bob', 'internal_user'],
  ['ada', 'proxy_admin'],
  ['vera', 'proxy_admin_viewer'],
]);

function creation(user_id: unknown, settings: Readonly<Record<string, unknown>> = {}): Change {
  const wanted = desired({ settings: { user_id, ...settings } as never });
  const fields = [{ field: 'user_id', from: null, to: user_id as never }];
  return { action: 'create', ref: wanted.ref, fields, takes: [], reason: null, desired: wanted, live: null };
}

const kept: Change = { ...creation('ada'), action: 'noop', fields: [], desired: desired(), live: live() };
const gone: Change = { ...creation('ada'), action: 'delete', because: 'named', desired: null, live: live() };

it.each([
  ['an admin', creation('ada'), ['ada'], 'proxy_admin'],
  ['one who reads all', creation('vera'), ['vera'], 'proxy_admin_viewer'],
  ['anybody else', creation('bob'), ['bob'], null],
  ['nobody', creation(null), [], null],
  ['an admin, for models alone', creation('ada', { key_type: 'llm_api' }), [], null],
  [
    'an admin, for the routes of models',
    creation('ada', { allowed_routes: ['llm_api_routes', '/v1/models'] }),
    [],
    null,
  ],
  [
    'an admin, for other routes too',
    creation('ada', { allowed_routes: ['/v1/models', '/key/list'] }),
    ['ada'],
    'proxy_admin',
  ],
  ['an admin, for routes of no kind', creation('ada', { allowed_routes: [1] }), ['ada'], 'proxy_admin'],
  ['an admin, for all routes', creation('ada', { allowed_routes: [] }), ['ada'], 'proxy_admin'],
  ['whom it had before', kept, [], null],
  ['whom it had, and it goes', gone, [], null],
])('a key of %s', (_, change, users, role) => {
  expect(newUsers(plan([change]))).toEqual(users);
  const notices = adminNotices(plan([change]), ADMINS);
  expect(notices.map(({ message }) => message)).toEqual(
    role === null ? [] : [expect.stringContaining(`an admin (${role})`)],
  );
});

it('a member of a team is no key', () => {
  expect(newUsers(plan([{ ...creation('ada'), ref: { kind: 'member', name: 't/ada' } }]))).toEqual([]);
});

it('users of the plan itself have the roles that they will have', () => {
  const ref = { kind: 'user', name: 'ada' };
  const user = (settings: Readonly<Record<string, string>>, more: Partial<Change> = {}): Change =>
    ({ ...creation(null), ref, desired: { ...desired({ settings }), ref, id: 'ada' }, ...more }) as Change;
  const there = live({ id: 'vera' });
  const changes = [
    user({ user_role: 'proxy_admin' }),
    user({ user_role: 'internal_user' }, { action: 'update', live: there }),
    user({ user_email: 'x' }, { desired: { ...desired({ settings: {} }), ref, id: 'eve' } }),
    user({}, { action: 'delete', because: 'named', desired: null, live: live({ id: 'gone' }) }),
    user({ user_role: 'proxy_admin' }, { desired: { ...desired({ settings: {} }), ref } }),
  ];
  expect([...plannedRoles([plan(changes)])]).toEqual([
    ['ada', 'proxy_admin'],
    ['vera', 'internal_user'],
  ]);
});
