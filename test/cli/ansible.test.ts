import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome } from '../support/run.ts';

describe("an Ansible role's variables", () => {
  it('make one key and give its result', async () => {
    const home = makeHome();
    writeFileSync(
      join(home.folder, 'vars.yaml'),
      'litellm_vkey_alias: svc\nlitellm_vkey_models: [gpt-4o-mini]\nlitellm_vkey_max_budget: "5"\n',
    );
    const { stdout, code } = await home.vkeys('apply -f vars.yaml -o ansible');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      litellm_vkey_result: {
        key: home.minted[0]?.reveal(),
        alias: 'svc',
        key_id: home.minted[0]?.hash(),
        api_endpoint: 'http://litellm.test',
        api_base_url: 'http://litellm.test/v1',
        models: ['gpt-4o-mini'],
        duration: '30d',
        user_id: 'svc',
        state: 'present',
        changed: true,
      },
    });
    const again = await home.vkeys('apply -f vars.yaml -o ansible');
    expect(JSON.parse(again.stdout)).toMatchObject({
      litellm_vkey_result: { changed: false, key: home.minted[0]?.reveal() },
    });
  });

  it('make a key for every user, and take them away', async () => {
    const home = makeHome();
    const vars =
      'litellm_vkey_alias: ws\nlitellm_vkey_models: gpt-4o-mini\nlitellm_vkey_multi_user: true\nlitellm_vkey_user_count: 2\nlitellm_vkey_duration: 3d\n';
    writeFileSync(join(home.folder, 'vars.yaml'), vars);
    const { stdout } = await home.vkeys('apply -f vars.yaml -o ansible');
    expect(JSON.parse(stdout)).toMatchObject({
      litellm_vkey_result: {
        user_count: 2,
        duration: '3d',
        changed: true,
        keys: [
          { user: 'user1', alias: 'ws-user1', user_id: 'user1@example.com', key: home.minted[0]?.reveal() },
          { user: 'user2', alias: 'ws-user2', user_id: 'user2@example.com', key: home.minted[1]?.reveal() },
        ],
      },
    });
    const gone = await home.vkeys('delete -f vars.yaml --yes -o ansible');
    expect(JSON.parse(gone.stdout)).toMatchObject({
      litellm_vkey_result: { state: 'absent', deleted_count: 2, missing_count: 0 },
    });
    writeFileSync(join(home.folder, 'vars.yaml'), `${vars}litellm_vkey_state: absent\n`);
    const again = await home.vkeys('apply -f vars.yaml -o ansible');
    expect(JSON.parse(again.stdout)).toMatchObject({
      litellm_vkey_result: { changed: false, deleted_count: 0, missing_count: 2 },
    });
  });

  it('own the keys that the role made', async () => {
    const home = makeHome();
    await home.vkeys('create --alias svc --set somebody');
    writeFileSync(join(home.folder, 'vars.yaml'), 'litellm_vkey_alias: svc\nlitellm_vkey_models: gpt-4o-mini\n');
    const { stdout } = await home.vkeys('apply -f vars.yaml -o json');
    expect(documentIn(stdout)).toMatchObject({ sets: [{ set: 'svc' }], summary: { adopt: 1 } });
  });
});
