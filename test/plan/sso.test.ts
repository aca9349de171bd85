/** More users than single sign-on lets be there without a licence. */
import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { ssoNotices } from '../../src/plan/sso.ts';
import { plan } from '../support/make.ts';
import { gone, thing, wish } from './things.ts';

const made = (kind: string, name: string): Change => ({
  action: 'create',
  ref: { kind, name },
  desired: wish(kind, name),
  live: null,
  fields: [],
  takes: [],
  reason: null,
});
const plans = [
  plan([made('user', 'ada'), made('user', 'bob'), gone(thing('user', 'cleo'))]),
  plan([made('user', 'dan'), made('team', 'lab'), gone(thing('team', 'old'))]),
];

it('is told with how many there will be, over all plans, and who is shut out then', () => {
  const said = (most: number, whom: 'everybody' | 'new') =>
    ssoNotices(plans, { users: 3, most, whom }).map(({ message }) => message);
  const start = 'The server will have 5 users: without a licence, its single sign-on then lets';
  expect(said(4, 'everybody')).toEqual([`${start} nobody in any more.`]);
  expect(said(4, 'new')).toEqual([`${start} nobody in whom it does not know yet.`]);
  expect(said(5, 'new')).toEqual([]);
});
