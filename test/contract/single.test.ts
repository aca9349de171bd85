import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { differencesOf } from './differences.ts';
import { makeGround } from './ground.ts';
import { textOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('single keys on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const alias = ground.name('me');

  it('creates a key that the server takes, and prints nothing else', async () => {
    const { code, stdout, requests, late } = await me.vkeys(
      `create --alias ${alias} --models gpt-4o-mini --duration 8h --max-budget 5 --metadata team=red`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sk-[\w-]{43}\n$/);
    /* Lists before and after, the models, the key; where its end has to be corrected, that and one more list. */
    const isExact = differencesOf(target.version).durationOnCreate === 'exact';
    expect(requests.length).toBeLessThanOrEqual(isExact && late === 0 ? 4 : 6);
    const said = await ground.ask('GET', '/v1/models', undefined, new Secret(stdout.trim()));
    expect(said).toMatchObject({ code: 'ok', body: { data: [{ id: 'gpt-4o-mini' }] } });
  });

  it('shows it by its alias', async () => {
    const shown = await me.one(`get ${alias} --show-key`);
    expect(shown).toMatchObject({
      key_alias: alias,
      owned_by: 'adhoc',
      status: 'active',
      models: ['gpt-4o-mini'],
      max_budget: 5,
      metadata: { team: 'red' },
    });
    expect(new Secret(textOf(shown['key'])).hash()).toBe(shown['key_id']);
    const left = Date.parse(textOf(shown['expires'])) - target.now().getTime();
    expect(Math.abs(left - 8 * 3_600_000)).toBeLessThan(120_000);
  });

  it('lists it among the keys of its set and alias', async () => {
    const listed = await me.one(['list', '--set', 'adhoc', '--key', `${alias}*`]);
    expect(listed).toMatchObject({ key_alias: alias, owned_by: 'adhoc', status: 'active' });
  });

  it('refuses to create the alias again, and says how to go on', async () => {
    const again = await me.vkeys(`create --alias ${alias}`);
    expect(again).toMatchObject({ code: 6, stdout: '' });
    expect(again.stderr).toContain(`vkeys get ${alias}`);
    expect(again.stderr).toContain('--if-absent');
  });

  it('prints the same key again with --if-absent', async () => {
    const { key } = await me.one(`get ${alias} --show-key`);
    expect(await me.vkeys(`create --alias ${alias} --if-absent`)).toMatchObject({
      code: 0,
      stdout: `${textOf(key)}\n`,
    });
  });

  it('updates just the named fields', async () => {
    const before = await ground.key(alias);
    const report = await me.json(`update ${alias} --max-budget 7 --unset metadata.team`);
    expect(report).toMatchObject({ changed: true, summary: { update: 1, failed: 0 } });
    const after = await ground.key(alias);
    expect(after).toMatchObject({ settings: { models: ['gpt-4o-mini'], max_budget: 7 }, expires: before.expires });
    expect(after.metadata).toEqual({ vkeys: { set: 'adhoc', name: alias } });
  });

  it('deletes it by its alias', async () => {
    expect(await me.json(`delete ${alias} --yes`)).toMatchObject({
      summary: { delete: 1 },
      sets: [{ state: 'absent', missing: [] }],
    });
    expect((await ground.keys()).map(({ name }) => name)).not.toContain(alias);
  });

  it('counts a key that is gone as missing, which is no error where that is said', async () => {
    expect(await me.json(`delete ${alias} --yes --ignore-missing`)).toMatchObject({
      changed: false,
      summary: { delete: 0 },
      sets: [{ missing: [alias] }],
    });
  });
});
