/**
 * From the target to other servers and back, where LITELLM_OTHERS names some (addresses with blanks between, which have the same
 * master key); between sandboxes that is tried in `test/cli/migrate.test.ts`. And an export of what was made by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { makeGround, type Ground, type Person } from './ground.ts';
import { objectsOf, textOf } from './read.ts';
import { targets, type Target } from './targets.ts';

const OTHERS = (process.env['LITELLM_OTHERS'] ?? '').split(/\s+/).filter((url) => url !== '');

async function works(person: Person, line: string): Promise<string> {
  const { code, stdout, stderr } = await person.vkeys(line);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe.each(targets)('on $name', (target) => {
  const ground = makeGround(target);

  it('keys, and whom they name, made by hand, plan empty once they are exported and adopted', async () => {
    const [team, user, budget] = [ground.name('team'), `${ground.name('user')}@example.com`, ground.name('budget')];
    await ground.ask('POST', '/budget/new', { budget_id: budget, max_budget: 3, budget_duration: '30d' });
    await ground.ask('POST', '/user/new', { user_id: user, auto_create_key: false, max_budget: 7 });
    await ground.ask('POST', '/team/new', { team_id: team, team_alias: team, max_budget: 50, metadata: { a: '{x}' } });
    const member = { role: 'user', user_id: user };
    await ground.ask('POST', '/team/member_add', { team_id: team, member, max_budget_in_team: 2 });
    ground.finally(() => ground.ask('POST', '/team/delete', { team_ids: [team] }));
    ground.finally(() => ground.ask('POST', '/user/delete', { user_ids: [user] }));
    ground.finally(() => ground.ask('POST', '/budget/delete', { id: budget }));
    for (const index of [1, 2, 3])
      await ground.make(`p${String(index)}`, {
        max_budget: index === 3 ? 20 : 5,
        duration: '30d',
        models: ['gpt-4o-mini'],
      });
    await ground.make('all', {
      team_id: team,
      user_id: user,
      rpm_limit: 9,
      soft_budget: 5,
      metadata: { x: '${HOME}' },
    });
    await ground.make('budgeted', { budget_id: budget, aliases: { a: 'gpt-4o-mini' } });
    const me = ground.person();
    for (const flags of ['', '--fold']) {
      const text = await works(me, `export ${ground.name('')}* --as ${ground.name('set')} ${flags}`.trim());
      writeFileSync(join(me.folder, 'live.yaml'), text);
      await works(me, 'adopt -f live.yaml');
      await works(me, 'plan -f live.yaml --exit-code');
    }
  });

  describe.skipIf(OTHERS.length === 0).each(OTHERS)('and %s', (url) => {
    const other: Target = { ...target, name: url, url };
    const there = makeGround(other);

    it.each([
      ['to it', target, other, ground, there],
      ['from it', other, target, there, ground],
    ] as const)('moves keys with their secrets %s', async (_, from, to, here, yonder) => {
      await moves(here, yonder, from, to);
    });
  });
});

async function moves(here: Ground, yonder: Ground, from: Target, to: Target): Promise<void> {
  const me = here.person();
  const set = here.name('move');
  const [team, user] = [`${set}-team`, `${set}@example.com`];
  writeFileSync(join(me.folder, 'mk'), from.masterKey, { mode: 0o600 });
  for (const [name, { url }] of [
    ['old', from],
    ['new', to],
  ] as const)
    await works(me, `auth login --profile ${name} --url ${url} --master-key-file mk`);
  const file = me.spec(
    set,
    [
      { key_alias: `${set}-a`, team, user, models: ['gpt-4o-mini'], max_budget: 5, duration: '30d' },
      { key_alias: `${set}-b`, models: ['gpt-4o-mini'], rpm_limit: 9 },
    ],
    {
      users: [{ user_id: user, max_budget: 9 }],
      teams: [{ team_alias: team, max_budget: 30, members: [{ user_id: user, max_budget_in_team: 2 }] }],
      deliver: [{ dotenv: '{key_alias}.env' }],
    },
  );
  for (const ground of [here, yonder]) ground.finally(() => ground.ask('POST', '/user/delete', { user_ids: [user] }));
  const teamIn = async (): Promise<string> =>
    textOf(objectsOf((await me.json(`team list ${team} --profile old`))['teams'])[0]?.['team_id']);
  await works(me, `apply -f ${file} --profile old --yes`);
  const team_id = await teamIn();
  for (const ground of [here, yonder])
    ground.finally(() => ground.ask('POST', '/team/delete', { team_ids: [team_id] }));
  const rows = async (profile: string): Promise<readonly JsonObject[]> =>
    objectsOf((await me.json(`list --set ${set} --profile ${profile} --sort key_alias`))['keys']);
  const before = await rows('old');
  await works(me, `migrate --from old --to new -f ${file} --spend --block-old --yes`);
  const after = await rows('new');
  const idOf = ({ key_alias, key_id, max_budget, rpm_limit, team_id: id }: JsonObject): unknown => {
    return { key_alias, key_id, max_budget, rpm_limit, id };
  };
  expect(after.map(idOf)).toEqual(before.map(idOf));
  expect((await rows('old')).map(({ blocked }) => blocked)).toEqual([true, true]);
  expect(readFileSync(join(me.folder, `${set}-a.env`), 'utf8')).toContain(`${to.url}/v1`);
  await works(me, `plan -f ${file} --profile new --exit-code`);
  await works(me, `delete --set ${set} --profile old --yes --max-deletions 100%`);
  await works(me, `plan -f ${file} --profile new --exit-code`);
  await works(me, `delete --set ${set} --profile new --yes --max-deletions 100%`);
}
