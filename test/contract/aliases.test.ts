import { describe, expect, it } from 'vitest';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

const ODD = [
  'with spaces, and a comma',
  'a/slash/and/another',
  '100%',
  'under_score',
  'back\\slash',
  '"quoted" and \'quoted\'',
  'Ünïcödé-日本語-🔑',
  'question?mark&ampersand=equals#hash+plus',
  '{braces}',
  '$dollar ${HOME}',
  'x'.repeat(200),
];

describe.each(targets)('odd aliases on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();

  it.each(ODD)('creates, finds, updates and deletes %j', async (odd) => {
    const alias = ground.name(odd);
    const decoy = await ground.make(`${odd}x`);
    const created = await me.one(['create', '--alias', alias]);
    expect(created).toMatchObject({ key_alias: alias, status: 'applied' });
    expect((await ground.named(alias)).map(({ id }) => id)).toEqual([created['key_id']]);
    expect(await me.json(['update', alias, '--max-budget', '3'])).toMatchObject({ changed: true });
    expect(await me.one(['get', alias])).toMatchObject({ key_alias: alias, max_budget: 3 });
    expect(await me.json(['delete', alias, '--yes'])).toMatchObject({ summary: { delete: 1 } });
    expect((await ground.keys()).map(({ id }) => id)).toContain(decoy.id);
  });

  it('tells aliases apart that differ in case only', async () => {
    for (const [alias, budget] of [
      [ground.name('case'), 1],
      [ground.name('CASE'), 2],
    ] as const) {
      await me.json(['create', '--alias', alias, '--max-budget', String(budget)]);
    }
    expect(await me.one(['get', ground.name('CASE')])).toMatchObject({ max_budget: 2 });
    expect(await me.one(['get', ground.name('case')])).toMatchObject({ max_budget: 1 });
  });
});
