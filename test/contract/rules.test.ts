/** Rules: what a spec that keeps to them makes keeps to them too, until others change it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { makeGround } from './ground.ts';
import { objectsOf, printed, textOf } from './read.ts';
import { targets } from './targets.ts';

const RULES: JsonObject = {
  keys: {
    ends_within: '90d',
    required: ['user_id'],
    metadata: ['cost_center'],
    models: ['gpt-4o-*', 'claude-sonnet'],
    max_budget: { most: 50, least: 1 },
    budget_duration: { least: '30d' },
    rpm_limit: { most: 100 },
    model_rpm_limit: null,
    user_id: '*@example.com',
    blocked: false,
  },
};
const KEY: JsonObject = {
  duration: '90d',
  metadata: { cost_center: 7 },
  models: ['gpt-4o-mini'],
  max_budget: 50,
  budget_duration: '1mo',
  rpm_limit: 100,
  user_id: 'ada@example.com',
};

describe.each(targets)('rules on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const check = async (...args: readonly string[]) => {
    const { code, stdout } = await me.vkeys(['check', '-o', 'json', ...args]);
    const { checked, breaches } = printed(stdout);
    return { code, checked, breaches: objectsOf(breaches) };
  };

  it('hold for what a spec made that keeps to them, and are broken by what others change', async () => {
    const [kept, changed] = [ground.name('kept'), ground.name('changed')];
    const keys = [kept, changed].map((key_alias) => ({ key_alias, ...KEY }));
    const file = me.spec(ground.name('ruled'), keys, { rules: RULES });
    expect(await me.json(['apply', '-f', file])).toMatchObject({ summary: { create: 2 } });
    expect(await check('-f', file)).toMatchObject({ code: 0, checked: 2, breaches: [] });

    const { id } = await ground.key(changed);
    await ground.update(id, {
      models: ['gpt-4o-mini', 'llama-3-8b'],
      max_budget: 51,
      budget_duration: '1d',
      rpm_limit: null,
      model_rpm_limit: { 'gpt-4o-mini': 5 },
      user_id: 'eve@example.org',
      blocked: true,
      duration: '120d',
    });
    const { code, breaches } = await check('-f', file);
    const found = breaches.map(({ key_alias, field }) => `${textOf(key_alias)} ${textOf(field)}`);
    const fields = ['blocked', 'budget_duration', 'expires', 'max_budget', 'model_rpm_limit', 'models', 'rpm_limit'];
    expect([code, found.toSorted()]).toEqual([5, [...fields, 'user_id'].map((field) => `${changed} ${field}`)]);
    expect(await check('--key', kept, '-f', file)).toMatchObject({ code: 0, checked: 1 });
  });

  it('for everybody hold for keys that are in no spec', async () => {
    const { alias } = await ground.make('bare', { metadata: { cost_center: '' } });
    writeFileSync(join(me.folder, 'all.yaml'), JSON.stringify({ rules: RULES }));
    const { code, breaches } = await check('--key', alias, '-f', 'all.yaml');
    const fields = breaches.map(({ field }) => textOf(field));
    const lacking = ['expires', 'max_budget', 'metadata.cost_center', 'models', 'rpm_limit', 'user_id', 'user_id'];
    expect([code, fields.toSorted()]).toEqual([5, lacking]);
  });

  it('hold for teams and users too', async () => {
    const [lab, ada] = [ground.name('lab'), ground.name('ada')];
    const file = me.spec(ground.name('people'), [], {
      teams: [{ team_alias: lab, max_budget: 10, models: ['gpt-4o-mini'], metadata: { cost_center: 7 } }],
      users: [{ user_id: ada, max_budget: 5, user_role: 'internal_user' }],
      rules: {
        teams: { max_budget: { most: 10 }, models: ['gpt-4o-*'], metadata: ['cost_center'] },
        users: { max_budget: { most: 5 }, user_role: ['internal_user'], tpm_limit: null },
      },
    });
    ground.finally(() => me.vkeys(['delete', '-f', file, '--yes']));
    expect(await me.json(['apply', '-f', file])).toMatchObject({ summary: { create: 2 } });
    expect(await check('-f', file)).toMatchObject({ code: 0, checked: 2, breaches: [] });

    const [team] = objectsOf((await me.json(['team', 'list', lab]))['teams']);
    const team_id = textOf(team?.['team_id']);
    await ground.ask('POST', '/team/update', { team_id, max_budget: 11, models: ['claude-sonnet'] });
    await ground.ask('POST', '/user/update', { user_id: ada, user_role: 'internal_user_viewer', tpm_limit: 5 });
    const { code, breaches } = await check('-f', file);
    const found = breaches.map(
      ({ team_alias, user_id, found: words }) => `${textOf(team_alias ?? user_id)}: ${textOf(words)}`,
    );
    expect([code, found.toSorted()]).toEqual([
      5,
      [
        `${ada}: tpm_limit is set`,
        `${ada}: user_role is internal_user_viewer`,
        `${lab}: max_budget is 11`,
        `${lab}: models is claude-sonnet`,
      ].toSorted(),
    ]);
    expect(await check('--user', ada, '-f', file)).toMatchObject({ code: 5, checked: 1 });
    expect(await check('--team', team_id, '-f', file)).toMatchObject({ code: 5, checked: 1 });
  });
});
