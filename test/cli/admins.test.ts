/** What a key may do is what its user may do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

async function homeWithUsers(count = 0): Promise<Home> {
  const home = makeHome();
  const add = async (user_id: string, user_role: string): Promise<void> => {
    await home.server.fetch('http://litellm.test/user/new', {
      method: 'POST',
      headers: { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user_id, user_role, auto_create_key: false }),
    } as never);
  };
  await add('ada', 'proxy_admin');
  await add('bob', 'internal_user');
  for (let number = 0; number < count; number += 1) await add(`admin${String(number)}`, 'proxy_admin');
  writeFileSync(
    join(home.folder, 's.yaml'),
    "set: ws\nkeys: [{ key_alias: ws, roster: [ada, bob], user_id: '{user}' }]\n",
  );
  return home;
}

it.each([0, 150])('plan and apply say that a key would manage the server, beside %i other admins', async (others) => {
  const { vkeys } = await homeWithUsers(others);
  for (const line of ['plan -f s.yaml', 'apply -f s.yaml']) {
    const { code, stdout } = await vkeys(line);
    expect(code).toBe(0);
    expect(stdout).toContain('ws-ada: Its user ada is an admin (proxy_admin)');
    expect(stdout).not.toContain('Its user bob');
  }
  expect((await vkeys('apply -f s.yaml')).requests).toEqual(['GET /key/list']);
});

it('create and update say it', async () => {
  const { vkeys } = await homeWithUsers();
  expect((await vkeys('create ci --user-id ada')).stderr).toContain('Its user ada is an admin');
  expect((await vkeys('create cd --user-id ada --field key_type=llm_api')).stderr).toBe('');
  expect((await vkeys('create ce')).requests).not.toContain('GET /user/list');
  expect((await vkeys('update ce --user-id ada')).stdout).toContain('Its user ada is an admin');
});

it('plan says it of a user whom the spec itself makes an admin, before there is one', async () => {
  const { vkeys, folder } = await homeWithUsers();
  const users = 'users: [{ user_id: eve, user_role: proxy_admin }, { user_id: ada, user_role: internal_user }]\n';
  const keys = "keys: [{ key_alias: of, roster: [eve, ada], user_id: '{user}' }]\n";
  writeFileSync(join(folder, 'own.yaml'), `set: own\n${users}${keys}`);
  const { stdout } = await vkeys('plan -f own.yaml --adopt');
  expect(stdout).toContain('of-eve: Its user eve is an admin (proxy_admin)');
  expect(stdout).not.toContain('Its user ada');
});

it('a server that does not list its users is no obstacle', async () => {
  const home = makeHome({
    wrap: (fetch) => (url, init) => fetch(url.replace('/user/list', '/nowhere'), init),
  });
  expect(await home.vkeys('create ci --user-id ada')).toMatchObject({ code: 0, stderr: '' });
});
