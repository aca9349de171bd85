/** A workshop of 120 keys from its first day to its last. The tests of one target build on each other. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { differencesOf } from './differences.ts';
import { countIn, errorIn } from '../support/printed.ts';
import { makeGround } from './ground.ts';
import { objectOf, objectsOf, printed, textOf } from './read.ts';
import { targets } from './targets.ts';

const DAY = 86_400_000;

describe.each(targets)('a workshop on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const differs = differencesOf(target.version);
  const set = ground.name('workshop');
  const common = {
    models: ['gpt-4o-mini'],
    duration: '40d',
    max_budget: 5,
    budget_duration: '30d',
    metadata: { course: { name: 'Ünïcödé', seats: 120 }, room: 'blue' },
  };
  const workshop = (count: number, changes: JsonObject = {}): string =>
    me.spec(set, [{ key_alias: set, roster: { count, prefix: 'p', domain: 'example.com' } }], {
      defaults: { ...common, ...changes },
    });
  /** How many requests a list takes: as many as there are pages, and more where other people work on the server too. */
  const listing = async (): Promise<number> => {
    const { body } = await ground.ask('GET', '/key/list?size=1');
    const total = Number(objectOf(body)['total_count']);
    const pages = Math.max(1, Math.ceil(total / 100));
    return total === (await ground.keys()).length ? pages : 3 * (pages + 1);
  };
  const mine = async () => (await ground.keys()).filter(({ mark }) => mark?.set === set);

  it('plans 120 keys without making one', async () => {
    const { code, stdout } = await me.vkeys(['plan', '-f', workshop(120), '--exit-code', '-o', 'json']);
    expect(code).toBe(2);
    expect(printed(stdout)).toMatchObject({ changed: false, summary: { create: 120 }, sets: [{ set }] });
    expect(await mine()).toEqual([]);
  });

  it('creates them with at most six requests more than keys', async () => {
    const { code, stdout, stderr, requests, late } = await me.vkeys(['apply', '-f', workshop(120), '-o', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(requests.filter((each) => each === 'POST /key/generate')).toHaveLength(120);
    const corrections = requests.filter((each) => each === 'POST /key/update').length;
    if (differs.durationOnCreate === 'exact') expect(corrections).toBeLessThanOrEqual(late);
    else expect(corrections).toBe(120);
    /* Lists before, after, and after corrections, the models, and the admins and viewers among the users. */
    const lists = corrections === 0 ? 2 : 3;
    expect(requests.length - corrections - 120).toBeLessThanOrEqual(Math.max(6, lists * (await listing()) + 3));
    const report = printed(stdout);
    expect(report).toMatchObject({
      version: 1,
      sets: [{ set, state: 'present', changed: true, url: target.url, api_base_url: `${target.url}/v1` }],
      changed: true,
      summary: { create: 120, update: 0, noop: 0, failed: 0, skipped: 0 },
      notices: [],
    });
    expect(objectsOf(report['keys'])).toHaveLength(120);
    expect(objectsOf(report['keys'])[0]).toMatchObject({
      key_alias: `${set}-p1`,
      user: 'p1',
      user_id: 'p1@example.com',
      action: 'create',
      status: 'applied',
      changed: true,
      models: ['gpt-4o-mini'],
      max_budget: 5,
    });
    for (const { key, key_id } of objectsOf(report['keys'])) expect(new Secret(textOf(key)).hash()).toBe(key_id);
  });

  it('has each of them once, over several pages, as it was wanted', async () => {
    const keys = await mine();
    expect(new Set(keys.map(({ name }) => name)).size).toBe(120);
    expect(keys).toHaveLength(120);
    for (const key of keys) {
      expect(key.settings).toMatchObject({ models: ['gpt-4o-mini'], max_budget: 5, budget_duration: '30d' });
      expect(key.metadata).toEqual({ ...common.metadata, vkeys: { set, name: key.name } });
      const life = Date.parse(key.expires ?? '') - Date.parse(key.created_at ?? '');
      expect(Math.abs(life - 40 * DAY)).toBeLessThan(120_000);
    }
  });

  it('hands out keys that work', async () => {
    const report = await me.json(['apply', '-f', workshop(120), '--only', `${set}-p7`]);
    const secret = new Secret(textOf(objectsOf(report['keys'])[0]?.['key']));
    expect(await ground.ask('GET', '/v1/models', undefined, secret)).toMatchObject({ code: 'ok' });
  });

  it('changes nothing when it is applied again, and asks little', async () => {
    const { code, stdout, requests } = await me.vkeys(['apply', '-f', workshop(120), '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ changed: false, summary: { noop: 120, update: 0 }, notices: [] });
    expect(requests.every((each) => each === 'GET /key/list')).toBe(true);
    expect(requests.length).toBeLessThanOrEqual(Math.max(4, await listing()));
    const { code: planned } = await me.vkeys(['plan', '-f', workshop(120), '--exit-code']);
    expect(planned).toBe(0);
  });

  it('sends one field when one field changes, and only to the keys that it changes for', async () => {
    const before = new Map((await mine()).map((key) => [key.name, key]));
    const file = me.spec(
      set,
      [
        {
          key_alias: set,
          roster: { count: 120, prefix: 'p', domain: 'example.com' },
          overrides: { p3: { max_budget: 8 }, p4: { max_budget: 8 } },
        },
      ],
      { defaults: common },
    );
    const { code, stdout, requests } = await me.vkeys(['apply', '-f', file, '-o', 'json']);
    expect(code).toBe(0);
    const report = printed(stdout);
    expect(report).toMatchObject({ summary: { update: 2, noop: 118 } });
    expect(requests.filter((each) => each !== 'GET /key/list')).toEqual(['POST /key/update', 'POST /key/update']);
    expect(objectsOf(report['keys'])[0]).toMatchObject({
      key_alias: `${set}-p3`,
      changes: [{ field: 'max_budget', from: 5, to: 8 }],
    });
    for (const after of await mine()) {
      const old = before.get(after.name);
      const settings = after.settings.max_budget === 8 ? { ...old?.settings, max_budget: 8 } : old?.settings;
      expect(after).toEqual({ ...old, settings });
    }
    await me.json(['apply', '-f', workshop(120)]);
  });

  it('merges metadata, takes a member away with null, and keeps what others wrote', async () => {
    const alias = `${set}-p5`;
    const { id, metadata } = await ground.key(alias);
    await ground.ask('POST', '/key/update', { key: id, metadata: { ...metadata, theirs: true } });
    const file = workshop(120, { metadata: { ...common.metadata, room: null, day: 2 } });
    await me.json(['apply', '-f', file, '--only', alias]);
    expect((await ground.key(alias)).metadata).toEqual({
      course: common.metadata.course,
      day: 2,
      theirs: true,
      vkeys: { set, name: alias },
    });
  });

  it('tells of keys that the spec no longer has, and keeps them without --prune', async () => {
    const report = await me.json(['apply', '-f', workshop(100), '--only', `${set}-p1??`]);
    expect(report).toMatchObject({ changed: false });
    expect(objectsOf(report['notices']).filter(({ code }) => code === 'orphan')).toHaveLength(20);
    expect(await mine()).toHaveLength(120);
  });

  it('refuses to prune more than 30 % of the set, before any change', async () => {
    const seen = await me.vkeys(['apply', '-f', workshop(60), '--prune', '--yes', '-o', 'json']);
    expect({ code: seen.code, error: errorIn(seen) }).toMatchObject({ code: 6, error: { kind: 'refused' } });
    expect(seen.requests.every((each) => each.startsWith('GET '))).toBe(true);
    expect(await mine()).toHaveLength(120);
  });

  it('prunes a few, and asks before it does', async () => {
    const asked = await me.vkeys(['apply', '-f', workshop(110), '--prune']);
    expect(asked.code).toBe(6);
    expect(await mine()).toHaveLength(120);
    expect(await me.json(['apply', '-f', workshop(110), '--prune', '--yes'])).toMatchObject({
      summary: { delete: 10 },
    });
    expect(await mine()).toHaveLength(110);
  });

  it('deletes what is left with few requests, and counts what was gone', async () => {
    const limit = Math.max(5, 2 * (await listing()));
    const { code, stdout, requests } = await me.vkeys(['delete', '-f', workshop(120), '--yes', '-o', 'json']);
    expect(code).toBe(0);
    const report = printed(stdout);
    expect(report).toMatchObject({ changed: true, summary: { delete: 110 }, sets: [{ set, state: 'absent' }] });
    expect(countIn(report, 'missing')).toBe(10);
    expect(requests.filter((each) => each !== 'GET /key/list')).toEqual(['POST /key/delete', 'POST /v2/key/info']);
    expect(requests.length - 2).toBeLessThanOrEqual(limit);
    expect(await mine()).toEqual([]);
  });

  it('deletes nothing the second time', async () => {
    const { code, stdout } = await me.vkeys(['delete', '-f', workshop(100), '--yes', '-o', 'json']);
    expect(code).toBe(0);
    const report = printed(stdout);
    expect(report).toMatchObject({ changed: false, summary: { delete: 0 } });
    expect(countIn(report, 'missing')).toBe(100);
  });

  it('prunes more than 30 % where --max-deletions allows it, and deletes what is absent in the spec', async () => {
    await me.json(['apply', '-f', workshop(10)]);
    const file = me.spec(
      set,
      [{ key_alias: set, roster: { count: 4, prefix: 'p' }, overrides: { p1: { state: 'absent' } } }],
      { defaults: common },
    );
    const refused = await me.vkeys(['apply', '-f', file, '--prune', '--yes', '--max-deletions', '5']);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('--max-deletions 6');
    const report = await me.json(['apply', '-f', file, '--prune', '--yes', '--max-deletions', '60%']);
    expect(report).toMatchObject({ changed: true, summary: { delete: 7, noop: 3 } });
    expect(new Set((await mine()).map(({ name }) => name))).toEqual(
      new Set(['p2', 'p3', 'p4'].map((user) => `${set}-${user}`)),
    );
  });
});
