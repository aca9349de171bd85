/** `vkeys auth delegate` on servers: what its key may do, and what it may not. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { Secret } from '../../src/base/secret.ts';
import { ROUTES_SINCE } from '../../src/litellm/routes.ts';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

describe.each(targets)('a delegated key on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const isHeld = !isOlder(target.version, ROUTES_SINCE);

  it('manages keys and teams, and nothing else; before 1.77 none is made', async () => {
    const admin = ground.name('root');
    const user = { user_id: admin, user_role: 'proxy_admin', auto_create_key: false };
    expect((await ground.ask('POST', '/user/new', user)).code).toBe('ok');
    ground.finally(() => ground.ask('POST', '/user/delete', { user_ids: [admin] }));
    const made = await me.vkeys(`auth delegate --name ${ground.name('ci')} --user ${admin} --ttl 1d`);
    if (!isHeld) {
      expect(made).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('No key was made') });
      return;
    }
    expect(made.code).toBe(0);
    const key = made.stdout.trim();
    const own = { LITELLM_MASTER_KEY: key };
    const set = ground.name('lab');
    const file = me.spec(set, [{ key_alias: ground.name('ada'), max_budget: 1 }], {
      teams: [{ team_alias: ground.name('team'), members: [{ user_id: admin }] }],
    });
    const ada = ground.name('ada');
    for (const line of [
      `plan -f ${file}`,
      `apply -f ${file} --yes`,
      `list --set ${set}`,
      `update ${ada} --max-budget 2`,
      `verify ${ada}`,
      `auth status`,
      `delete -f ${file} --yes`,
    ])
      expect([line, await me.vkeys(line, own)]).toEqual([line, expect.objectContaining({ code: 0 })]);
    const models = { model_name: 'none', litellm_params: { model: 'openai/none' } };
    for (const [path, body] of [
      ['/model/new', models],
      ['/config/update', {}],
      ['/v1/chat/completions', { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }],
    ] as const)
      expect([path, (await ground.ask('POST', path, body, new Secret(key))).code]).not.toEqual([path, 'ok']);
    expect(await me.vkeys(`delete vkeys-${ground.name('ci')} --yes`)).toMatchObject({ code: 0 });
  });
});
