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
});
