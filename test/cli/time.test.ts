/**
 * Ends of keys, through a server that takes seconds for each request, behind a clock that is minutes off.
 */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { makeServer, NOW } from '../support/server.ts';
import { crew, makeSetsHome, type SetsHome } from '../support/sets.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Milliseconds by which an end may be off. */
const NEAR = 2000;
const COUNT = 150;

/** Versions, and minutes by which the user's clock is ahead. */
const CASES = [
  ['1.77.7', -7],
  ['1.77.7', 7],
  ['1.108.7', -7],
  ['1.110.2', 7],
] as const;

function slowHome(version: (typeof CASES)[number][0], minutes: number): SetsHome {
  return makeSetsHome({ server: makeServer({ version, tick: 3000 }), ahead: minutes * MINUTE });
}

/** What three crews ask for: an end so many days after each key was made, one at a moment, and at first none. */
type Ends = { readonly days: number; readonly fixed: Date; readonly late: Date | null };

/** Applies all crews in one run; afterwards nothing is left to do. */
async function apply(home: SetsHome, { days, fixed, late }: Ends): Promise<void> {
  const members = (key_alias: string, fields: JsonObject): JsonObject => ({
    key_alias,
    roster: { count: COUNT / 3 },
    ...fields,
  });
  home.wants({
    set: 'many',
    keys: [
      members('days', { duration: `${String(days)}d` }),
      members('fixed', { expires: fixed.toISOString() }),
      members('late', late === null ? {} : { expires: late.toISOString() }),
    ],
  });
  const { code, stdout, stderr } = await home.vkeys('apply -f spec.yaml');
  expect([code, stderr], stdout).toEqual([0, '']);
  expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
}

/** The keys whose end is not, give or take two seconds, where their crew asked for it. */
async function misses(home: SetsHome, { days, fixed, late }: Ends): Promise<readonly string[]> {
  const keys = [...(await home.keys())];
  expect(keys.length).toBe(COUNT);
  return keys.flatMap(([alias, { created_at, expires }]) => {
    if (late === null && alias.startsWith('late')) return expires === null ? [] : [`${alias} has an end`];
    const moment = alias.startsWith('late') ? late : fixed;
    const wanted = alias.startsWith('days') ? momentOf(created_at) + days * DAY : momentOf(moment?.toISOString());
    const off = momentOf(expires) - wanted;
    return Math.abs(off) <= NEAR ? [] : [`${alias} is off by ${String(off / 1000)} s`];
  });
}

function momentOf(value: Json | undefined): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}

describe.each(CASES)('150 keys on %s, for somebody whose clock is %i minutes ahead', (version, minutes) => {
  const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY);

  it('end when it was asked, and when a change asked', async () => {
    const home = slowHome(version, minutes);
    for (const ends of [
      { days: 3, fixed: inDays(3), late: null },
      { days: 7, fixed: inDays(5), late: inDays(4) },
    ]) {
      await apply(home, ends);
      expect(await misses(home, ends)).toEqual([]);
    }
  });
});

describe('a key of a database that is older than its column created_at', () => {
  it('is not renewed at each apply', async () => {
    const home = makeSetsHome();
    home.wants(crew('old', 1, { duration: '3d' }));
    await home.vkeys('apply -f spec.yaml');
    const key = (await home.keys()).get('old-user1');
    const key_id = key?.['key_id'];
    home.sandbox.writeRow(typeof key_id === 'string' ? key_id : '', { created_at: null });
    home.server.clock.pass(DAY);
    const { requests } = await home.vkeys('apply -f spec.yaml');
    expect(requests).toEqual(['GET /key/list']);
    expect((await home.keys()).get('old-user1')?.['expires']).toBe(key?.['expires']);
  });
});

it.each([-7, 7])(
  'a clock that is %i minutes ahead makes no key look ended, nor an ended one alive',
  async (minutes) => {
    const home = makeSetsHome({ ahead: minutes * MINUTE });
    home.wants(crew('brief', 1, { duration: '5m' }));
    await home.vkeys('apply -f spec.yaml');
    const status = async (): Promise<unknown> => (await home.keys()).get('brief-user1')?.['status'];
    expect(await status()).toBe('active');
    home.server.clock.pass(6 * MINUTE);
    expect(await status()).toBe('expired');
  },
);
