import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { differencesOf } from './differences.ts';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

const HOUR = 3_600_000;

describe.each(targets)('lifetimes on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const differs = differencesOf(target.version);
  const apply = (name: string, fields: JsonObject) =>
    me.json([
      'apply',
      '--yes',
      '-f',
      me.spec(ground.name(`${name}-set`), [{ key_alias: ground.name(name), ...fields }]),
    ]);
  const endOf = async (name: string): Promise<string | null> => (await ground.key(ground.name(name))).expires;
  const hours = async (name: string): Promise<number> => {
    const { created_at, expires } = await ground.key(ground.name(name));
    return (Date.parse(expires ?? '') - Date.parse(created_at ?? '')) / HOUR;
  };

  it('counts a duration from the creation: a second apply renews nothing, a longer one moves the end', async () => {
    await apply('duration', { duration: '3d' });
    const end = await endOf('duration');
    expect(await hours('duration')).toBeCloseTo(72, 1);
    await target.pass(5);
    expect(await apply('duration', { duration: '3d' })).toMatchObject({ changed: false });
    expect(await endOf('duration')).toBe(end);
    expect(await apply('duration', { duration: '7d' })).toMatchObject({ summary: { update: 1 } });
    expect(await hours('duration')).toBeCloseTo(168, 1);
  });

  it('ends a key at an absolute moment', async () => {
    const expires = '2099-01-01T00:00:00Z';
    await apply('expires', { expires });
    expect(Math.abs(Date.parse((await endOf('expires')) ?? '') - Date.parse(expires))).toBeLessThan(120_000);
    expect(await apply('expires', { expires })).toMatchObject({ changed: false });
  });

  it('refuses to make a key whose end is past', async () => {
    const file = me.spec(ground.name('past-set'), [
      { key_alias: ground.name('past'), expires: '2020-01-01T00:00:00Z' },
    ]);
    expect((await me.vkeys(['apply', '-f', file])).code).toBe(6);
  });

  it(`has an end that is ${differs.clearedExpiry} by duration: null, and says so`, async () => {
    await apply('for-ever', { duration: '3d' });
    const end = await endOf('for-ever');
    const report = await apply('for-ever', { duration: null });
    const isCleared = differs.clearedExpiry === 'cleared';
    expect(report).toMatchObject({ changed: isCleared, notices: isCleared ? [] : [{ code: 'unsupported' }] });
    expect(await endOf('for-ever')).toBe(isCleared ? null : end);
  });

  it(`has a budget_duration that is ${differs.clearedBudgetDuration} by null, and says so`, async () => {
    await apply('period', { max_budget: 1, budget_duration: '30d' });
    const report = await apply('period', { max_budget: 1, budget_duration: null });
    const isCleared = differs.clearedBudgetDuration === 'cleared';
    expect(report).toMatchObject({ changed: isCleared, notices: isCleared ? [] : [{ code: 'unsupported' }] });
    const { settings } = await ground.key(ground.name('period'));
    expect(settings.budget_duration).toBe(isCleared ? undefined : '30d');
  });

  it('does not start a budget anew when another field changes', async () => {
    await apply('budget', { max_budget: 1, budget_duration: '10d' });
    const { budget_reset_at } = await ground.key(ground.name('budget'));
    await target.pass(5);
    await apply('budget', { max_budget: 2, budget_duration: '10d' });
    expect(await ground.key(ground.name('budget'))).toMatchObject({ budget_reset_at, settings: { max_budget: 2 } });
  });

  it('replaces a key that has ended where the spec says on_expired: recreate', async () => {
    const alias = ground.name('ended');
    await apply('ended', { duration: '8h', on_expired: 'recreate' });
    const { id } = await ground.key(alias);
    await ground.ask('POST', '/key/update', { key: id, duration: '1s' });
    await untilEnded(alias);
    /* Whoever else looks may think that it is a second earlier at the server. */
    await target.pass(1000);
    expect(await me.one(['list', '--key', alias, '--status', 'expired'])).toMatchObject({ key_alias: alias });
    const report = await apply('ended', { duration: '8h', on_expired: 'recreate' });
    expect(report).toMatchObject({ summary: { replace: 1 }, keys: [{ action: 'replace', status: 'applied' }] });
    expect((await ground.key(alias)).id).not.toBe(id);
    expect(await hours('ended')).toBeCloseTo(8, 1);
    expect(await ground.store.get(id)).toBeNull();
    expect(await apply('ended', { duration: '8h', on_expired: 'recreate' })).toMatchObject({ changed: false });
  });

  async function untilEnded(alias: string): Promise<void> {
    for (;;) {
      const { lives, now } = await ground.store.survey({ ids: [], names: [alias], all: false });
      const live = lives.find(({ name }) => name === alias);
      if (Date.parse(live?.expires ?? '') <= now.getTime()) return;
      await target.pass(250);
    }
  }
});
