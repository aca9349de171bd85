import { expect, it } from 'vitest';
import type { Live } from '../../src/model/resource.ts';
import { statusOf } from '../../src/model/status.ts';
import { after, live, MARK, NOW } from '../support/make.ts';

it.each<[string, Partial<Live>]>([
  ['active', { settings: { max_budget: 5 }, spend: 4.99, expires: after(1) }],
  ['active', { spend: 100 }],
  ['over_budget', { settings: { max_budget: 5 }, spend: 5 }],
  ['expired', { settings: { max_budget: 5 }, spend: 5, expires: after(0) }],
  ['blocked', { settings: { blocked: true }, expires: after(-1) }],
  ['retiring', { mark: { ...MARK, retiring: after(1) }, settings: { max_budget: 5 }, spend: 5 }],
  ['active', { mark: { ...MARK, retiring: after(0) } }],
])('a key is %s: %o', (status, fields) => {
  expect(statusOf(live(fields), NOW)).toBe(status);
});
