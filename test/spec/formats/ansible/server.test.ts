import { describe, expect, test } from 'vitest';
import { load, messagesOf } from '../../load.ts';

const HEAD = 'litellm_vkey_alias: a\nlitellm_vkey_models: [m]\n';
const URL = 'litellm_vkey_api_url: http://h/v1\n';
const SHOWN = 'is a secret, and everybody who reads the file has it.';

describe('a credential among the variables', () => {
  test.each([
    [
      "litellm_vkey_master_key: \"{{ lookup('env', 'KEY') }}\"",
      { kind: 'master-key', source: 'litellm_vkey_master_key in spec.yaml', ofEnvironment: true },
      [],
    ],
    [
      'litellm_vkey_master_key: "{{ key }}"\nkey: "{{ lookup(\'env\', \'KEY\') }}"',
      { kind: 'master-key', ofEnvironment: true },
      [],
    ],
    [
      'litellm_vkey_master_key: sk-made-up-1',
      { kind: 'master-key', ofEnvironment: false },
      [`4:26 secret: litellm_vkey_master_key ${SHOWN}`],
    ],
    [
      'litellm_vkey_master_key: "{{ key }}"\nkey: " sk-made-up-1 "',
      { kind: 'master-key', ofEnvironment: false },
      [`4:26 secret: litellm_vkey_master_key ${SHOWN}`],
    ],
    [
      'litellm_vkey_openshift_token: sha256~abc',
      { kind: 'openshift', ofEnvironment: false },
      [`4:31 secret: litellm_vkey_openshift_token ${SHOWN}`],
    ],
    [
      'litellm_vkey_use_openshift_token: "yes"',
      { kind: 'cluster', source: 'litellm_vkey_use_openshift_token in spec.yaml', ofEnvironment: true },
      [],
    ],
    [
      'litellm_vkey_username: ada\nlitellm_vkey_password: pa$$ w',
      { kind: 'password', username: 'ada', ofEnvironment: false },
      [`5:24 secret: litellm_vkey_password ${SHOWN}`],
    ],
    [
      "litellm_vkey_username: ada\nlitellm_vkey_password: \"{{ lookup('env', 'KEY') }}\"",
      { kind: 'password', ofEnvironment: true },
      [],
    ],
    [
      'litellm_vkey_username: ada',
      null,
      ['4:24 credential: litellm_vkey_username is not used without litellm_vkey_password.'],
    ],
    [
      'litellm_vkey_password: x',
      null,
      ['4:24 credential: litellm_vkey_password is not used without litellm_vkey_username.'],
    ],
    ["litellm_vkey_master_key: \"{{ lookup('env', 'NONE') }}\"\nlitellm_vkey_use_openshift_token: false", null, []],
    // The role takes the first of them.
    [
      "litellm_vkey_use_openshift_token: true\nlitellm_vkey_openshift_token: \"{{ lookup('env', 'KEY') }}\"\nlitellm_vkey_username: a\nlitellm_vkey_password: b",
      { kind: 'openshift' },
      [],
    ],
    [
      'litellm_vkey_use_openshift_token: true\nlitellm_vkey_username: a\nlitellm_vkey_password: b',
      { kind: 'cluster' },
      [],
    ],
  ])('is read: %s', async (text, expected, notices) => {
    const seen = await load(`${HEAD}${URL}${text}\n`, { env: { KEY: 'sk-env' } });
    expect(seen.problems).toBe('');
    expect(seen.specs[0]?.credential).toEqual(
      expected === null ? null : expect.objectContaining({ url: 'http://h/v1', ...expected }),
    );
    expect(seen.notices).toEqual(notices);
  });

  test('is what stands there, without blanks around a key', async () => {
    const secretOf = async (text: string): Promise<string | undefined> => {
      const credential = (await load(`${HEAD}${URL}${text}`)).specs[0]?.credential;
      if (credential == null || credential.kind === 'cluster') return undefined;
      return (credential.kind === 'password' ? credential.password : credential.secret).reveal();
    };
    expect(await secretOf('litellm_vkey_master_key: " sk-a$b${HOME} "')).toBe('sk-a$b${HOME}');
    expect(await secretOf('litellm_vkey_username: a\nlitellm_vkey_password: " p$$w "')).toBe(' p$$w ');
    expect(await secretOf('litellm_vkey_username: a\nlitellm_vkey_password: "{{ n }}"\nn: 12345')).toBe('12345');
  });

  test('is not used where the file names no server', async () => {
    const { specs, notices } = await load(`${HEAD}litellm_vkey_use_openshift_token: true\n`);
    expect(specs[0]?.credential).toBeNull();
    expect(notices).toEqual([
      '3:35 credential: litellm_vkey_use_openshift_token is not used, because the file does not say for which server it is.',
    ]);
    const unset = await load(
      `${HEAD}litellm_vkey_api_url: "{{ lookup('env', 'NONE') }}"\nlitellm_vkey_use_openshift_token: true\n`,
    );
    expect([unset.problems, unset.specs[0]?.url, unset.notices.length]).toEqual(['', null, 1]);
  });

  test('is no secret of a file where the text comes from a program', async () => {
    const stdin = `${HEAD}${URL}litellm_vkey_master_key: sk-made-up-1\n`;
    const { specs, notices } = await load({}, { args: ['-'], stdin });
    expect(specs[0]?.credential).toMatchObject({ source: 'litellm_vkey_master_key' });
    expect(notices).toEqual([]);
  });

  test.each([
    ['litellm_vkey_master_key: 12345', '4:26 type: litellm_vkey_master_key has to be text.'],
    ['litellm_vkey_master_key: [a]', '4:26 type: litellm_vkey_master_key has to be text.'],
    ['litellm_vkey_master_key: "geheim x"', '4:26 type: litellm_vkey_master_key has characters in it that no key has.'],
    ['litellm_vkey_username: 5\nlitellm_vkey_password: b', '4:24 type: litellm_vkey_username has to be text.'],
    ['litellm_vkey_username: a\nlitellm_vkey_password: [x]', '5:24 type: litellm_vkey_password has to be text.'],
    [
      'litellm_vkey_master_key: "{{ \'geheim\' | rot13 }}"',
      '4:26 ansible: litellm_vkey_master_key has Jinja in it that only Ansible can fill in.',
    ],
    [
      'litellm_vkey_master_key: "{{ vault_key }}"',
      '4:26 ansible: litellm_vkey_master_key needs the variable vault_key, which is not in this file.',
    ],
    [
      'litellm_vkey_master_key: geheim\nlitellm_vkey_user_id: "{{ litellm_vkey_master_key }}"',
      '5:23 secret: litellm_vkey_user_id would show litellm_vkey_master_key.',
    ],
    [
      'litellm_vkey_master_key: geheim\nlitellm_vkey_metadata: { x: ["{{ y }}"] }\ny: "{{ litellm_vkey_master_key }}"',
      '5:24 secret: litellm_vkey_metadata would show litellm_vkey_master_key.',
    ],
    [
      'litellm_vkey_username: ada\nlitellm_vkey_password: "{{ pw }}"\nlitellm_vkey_user_id: "ada-{{ pw }}"\npw: geheim"1',
      '6:23 secret: litellm_vkey_user_id would show litellm_vkey_password.',
    ],
  ])('is refused, and not shown: %s', async (text, message) => {
    expect(await messagesOf(`${HEAD}${URL}${text}`)).toEqual([message]);
    const { problems } = await load(`${HEAD}${URL}${text}`);
    expect(problems.replace(/"\{\{ 'geheim'.*/g, '')).not.toMatch(/geheim/);
  });

  test.each([
    'litellm_vkey_password: geheim',
    'litellm_vkey_password: "geheim"',
    '"litellm_vkey_master_key" : geheim',
    'litellm_master_key=geheim',
    'litellm_vkey_openshift_token: geheim',
  ])('is not shown beside a problem of others: %s', async (line) => {
    const { problems } = await load(`${HEAD}${line}\nlitellm_vkey_state: gone\n`);
    expect(problems).toContain('[secret]');
    expect(problems).not.toContain('geheim');
  });
});

describe('what the variables say of requests', () => {
  test('is how long one may take', async () => {
    const timeoutOf = async (value: string): Promise<number | null | undefined> =>
      (await load(`${HEAD}litellm_vkey_api_timeout: ${value}\n`)).specs[0]?.timeout;
    expect(await timeoutOf('60')).toBe(60_000);
    expect(await timeoutOf('"1.5"')).toBe(1500);
    expect(await timeoutOf('')).toBe(30_000);
    expect((await load(HEAD)).specs[0]?.timeout).toBeNull();
  });

  test.each(['0', '-1', '86401', '[1]', 'true'])('is not a time of %s', async (value) => {
    expect(await messagesOf(`${HEAD}litellm_vkey_api_timeout: ${value}\n`)).toEqual([
      '3:27 type: litellm_vkey_api_timeout has to be a number of seconds, up to 86400.',
    ]);
  });

  test('is that a certificate need not be checked, which has its flag', async () => {
    expect((await load(`${HEAD}litellm_vkey_verify_ssl: no\n`)).notices).toEqual([
      '3:26 insecure: litellm_vkey_verify_ssl is false, and vkeys checks the certificate all the same.',
    ]);
    expect((await load(`${HEAD}litellm_vkey_verify_ssl: true\nlitellm_vkey_key_id: ""\n`)).notices).toEqual([]);
  });

  test('is passed over where it changes nothing, with one word', async () => {
    const { notices } = await load(`${HEAD}litellm_vkey_retry_count: 3\nlitellm_vkey_retry_delay: 5\n`);
    expect(notices).toEqual([
      '3:27 ansible: Passed over, because they change nothing here: litellm_vkey_retry_count, litellm_vkey_retry_delay.',
    ]);
    expect((await load(`${HEAD}litellm_vkey_namespace: x\n`)).notices).toEqual([
      '3:25 ansible: Passed over, because it changes nothing here: litellm_vkey_namespace.',
    ]);
  });
});
