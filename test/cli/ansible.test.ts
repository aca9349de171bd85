import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';

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

describe('a credential in the variables', () => {
  const vars = (more: string): string => `litellm_vkey_alias: svc\nlitellm_vkey_models: [gpt-4o-mini]\n${more}\n`;
  const HERE = 'litellm_vkey_api_url: http://litellm.test/v1/';
  const KEY = `litellm_vkey_master_key: ${MASTER_KEY}`;

  /** What `apply` says, and the headers that were sent, by host. */
  async function apply(text: string, env: Readonly<Record<string, string>>, argv = '') {
    const sent: string[] = [];
    const home = makeHome({
      wrap: (fetch) => (url, init) => {
        const credential = new Headers(init.headers).get('authorization');
        if (credential !== null) sent.push(`${new URL(url).host} ${credential}`);
        return fetch(url, init);
      },
    });
    writeFileSync(join(home.folder, 'vars.yaml'), text);
    const seen = await home.vkeys(`apply -f vars.yaml ${argv}`, { env });
    return { ...seen, sent: [...new Set(sent)] };
  }

  it('is used for the server that the same file names, before the environment, and never shown', async () => {
    const { code, stdout, stderr, sent } = await apply(vars(`${HERE}\n${KEY}`), { LITELLM_MASTER_KEY: 'sk-wrong-one' });
    expect([code, sent]).toEqual([0, [`litellm.test Bearer ${MASTER_KEY}`]]);
    expect(stderr).toContain('notice: vars.yaml:4:26: litellm_vkey_master_key is a secret');
    expect(stdout + stderr).not.toContain(MASTER_KEY);
  });

  it('is used although the environment is about another server, because it is not of the environment', async () => {
    const { code } = await apply(vars(`${HERE}\n${KEY}`), { LITELLM_BASE_URL: 'http://other.test' });
    expect(code).toBe(0);
  });

  it.each([
    ['--url names another', vars(`${HERE}\n${KEY}`), '--url http://other.test'],
    ['the file names none', vars(KEY), '--url http://litellm.test'],
  ])('goes nowhere where %s', async (_, text, argv) => {
    const { code, stderr, sent } = await apply(text, {}, argv);
    expect([code, sent]).toEqual([4, []]);
    expect(stderr).toMatch(/litellm_vkey_master_key (in vars.yaml: only for http:\/\/litellm.test|is not used)/);
    expect(stderr).not.toContain(MASTER_KEY);
  });

  it('of the environment goes to the server of the environment alone', async () => {
    const text = vars(`${HERE}\nlitellm_vkey_master_key: "{{ lookup('env', 'OTHER_KEY') }}"`);
    const own = await apply(text, { OTHER_KEY: MASTER_KEY });
    expect([own.code, own.sent]).toEqual([0, [`litellm.test Bearer ${MASTER_KEY}`]]);
    const other = await apply(text, { OTHER_KEY: MASTER_KEY, LITELLM_BASE_URL: 'http://other.test' });
    expect([other.code, other.sent]).toEqual([6, []]);
    const cluster = vars(`${HERE}\nlitellm_vkey_use_openshift_token: true`);
    const env = { LITELLM_OPENSHIFT_TOKEN: 'sha256~token', LITELLM_BASE_URL: 'http://other.test' };
    expect((await apply(cluster, env)).sent).toEqual([]);
  });

  it('may be a user and a password', async () => {
    const text = vars(`${HERE}\nlitellm_vkey_username: admin\nlitellm_vkey_password: ${MASTER_KEY}`);
    const { code, stdout, stderr } = await apply(text, {});
    expect({ code, stderr: stderr.includes('litellm_vkey_password is a secret') }).toEqual({ code: 0, stderr: true });
    expect(stdout + stderr).not.toContain(MASTER_KEY);
  });

  it('serves another file that names the same server', async () => {
    const home = makeHome();
    writeFileSync(
      join(home.folder, 'a.yaml'),
      `set: a\nserver: { url: http://litellm.test/v1/ }\nkeys: [{ key_alias: a }]\n`,
    );
    writeFileSync(join(home.folder, 'b.yaml'), vars(`${HERE}\n${KEY}`));
    expect((await home.vkeys('apply -f a.yaml b.yaml', { env: {} })).code).toBe(0);
    expect((await home.vkeys('plan -f b.yaml --exit-code', { env: {} })).code).toBe(0);
  });
});

describe("what an Ansible role's files say beside keys", () => {
  it('is told once, and not where a flag says it already or nothing is to be said', async () => {
    const home = makeHome();
    writeFileSync(
      join(home.folder, 'vars.yaml'),
      'litellm_vkey_alias: a\nlitellm_vkey_models: m\nlitellm_vkey_verify_ssl: false\n',
    );
    const told = 'notice: vars.yaml:3:26: litellm_vkey_verify_ssl is false';
    expect((await home.vkeys('validate -f vars.yaml')).stderr).toContain(told);
    expect((await home.vkeys('validate -f vars.yaml --insecure')).stderr).not.toContain('notice');
    expect((await home.vkeys('validate -f vars.yaml -q')).stderr).toBe('');
  });

  it('is nothing, where it is the file of defaults', async () => {
    const home = makeHome();
    cpSync(new URL('../fixtures/ansible/defaults.yml', import.meta.url), join(home.folder, 'defaults.yml'));
    for (const command of ['validate', 'plan', 'apply']) {
      const { code, stdout, stderr } = await home.vkeys(`${command} -f defaults.yml`);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toContain('they name no key');
    }
  });

  it("is a playbook's, too", async () => {
    const home = makeHome();
    cpSync(new URL('../fixtures/ansible/workshop.yml', import.meta.url), join(home.folder, 'workshop.yml'));
    const argv = '-f workshop.yml -o ansible --sandbox --no-model-check';
    const { code, stdout } = await home.vkeys(`apply ${argv}`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      litellm_vkey_result: { user_count: 4, duration: '3d', keys: { length: 4 } },
    });
  });
});
