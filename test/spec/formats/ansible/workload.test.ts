import { describe, expect, test } from 'vitest';
import { load, messagesOf } from '../../load.ts';

const P = 'ocp4_workload_litellm_virtual_keys_';
const MODELS = `${P}models: [m]\n`;

describe("the demo platform's role", () => {
  test('makes one key by its guid', async () => {
    const text = `${MODELS}guid: abcde\nlitellm_url: http://h\nlitellm_master_key: "{{ lookup('env', 'KEY') }}"\n`;
    const { specs, problems } = await load(text, { env: { KEY: 'sk-env' } });
    expect(problems).toBe('');
    expect(specs).toMatchObject([
      {
        set: 'virtkey-abcde',
        url: 'http://h',
        state: 'present',
        credential: { kind: 'master-key', url: 'http://h' },
        ansible: { duration: '30d', models: ['m'], user_count: null },
        desired: [{ ref: { name: 'virtkey-abcde' }, settings: { user_id: 'abcde@lab.opentlc.com' } }],
      },
    ]);
  });

  test.each([
    ['email: a@b', { name: 'virtkey-x', user_id: 'a@b' }],
    ['requester_email: a@b', { name: 'virtkey-x', user_id: 'a@b' }],
    [`${P}alias_format: "k-{{ guid }}"\n${P}user_id_format: me`, { name: 'k-x', user_id: 'me' }],
    ['num_users: 2', { name: 'virtkey-x-user1', user_id: 'user1@lab.opentlc.com' }],
    ['num_users: "2"\nocp4_workload_user_base: u', { name: 'virtkey-x-u1', user_id: 'u1@lab.opentlc.com' }],
    ['num_users: 1', { name: 'virtkey-x', user_id: 'x@lab.opentlc.com' }],
    [
      `${P}multi_user: true\n${P}user_count: 2\n${P}user_base: s\n${P}user_email_domain: d.org`,
      { name: 'virtkey-x-s1', user_id: 's1@d.org' },
    ],
    [`ocp4_workload_multi_user: true\nocp4_workload_user_count: 2`, { name: 'virtkey-x-user1' }],
  ])('says whose key it is: %s', async (text, { name, ...settings }) => {
    const { specs, problems } = await load(`${MODELS}guid: x\n${text}\n`);
    expect(problems).toBe('');
    expect(specs[0]?.desired[0]).toMatchObject({ ref: { name }, settings });
  });

  test.each([
    ['provision', 'present'],
    ['create', 'present'],
    ['destroy', 'absent'],
    ['remove', 'absent'],
  ])('calls a state %s', async (action, state) => {
    expect((await load(`${MODELS}guid: x\nACTION: ${action}\n`)).specs).toMatchObject([{ state }]);
  });

  test('is run by a playbook', async () => {
    const text = `- hosts: localhost
  vars: { ACTION: destroy, guid: x, litellm_url: http://h, litellm_master_key: sk-made-up-1 }
  tasks:
    - include_role: { name: rhpds.litellm_virtual_keys.ocp4_workload_litellm_virtual_keys }
`;
    const { specs, notices } = await load(text);
    expect(specs).toMatchObject([{ state: 'absent', url: 'http://h', desired: [{ ref: { name: 'virtkey-x' } }] }]);
    expect(notices).toEqual(['2:80 secret: litellm_master_key is a secret, and everybody who reads the file has it.']);
  });

  test('leaves the rest of a catalog alone', async () => {
    const text = `${MODELS}guid: x\n${P}store_key_in_facts: true\n${P}include_docling: false\n${P}packages: {}\nworkloads: ["{% x %}"]\n`;
    const { problems, notices } = await load(text);
    expect([problems, notices]).toEqual([
      '',
      [`3:56 ansible: Passed over, because it changes nothing here: ${P}store_key_in_facts.`],
    ]);
  });

  test.each([
    [MODELS, ['1:1 missing: The variable guid is missing.']],
    [`${MODELS}${P}alias_format: k\n`, [`2:50 missing: ${P}user_id_format is missing.`]],
    [`guid: x\n${P}duration: 7d\n`, [`1:1 missing: ${P}models is missing, and the role wants it.`]],
    [
      `${MODELS}guid: x\n${P}subscription_package: ai\n`,
      [`3:1 ansible: ${P}subscription_package adds to what ${P}models and ${P}duration say.`],
    ],
    [`${MODELS}guid: "{% x %}"\n`, ['1:1 ansible: "{% x %}" is a Jinja expression, which only Ansible can fill in.']],
    [
      `${MODELS}guid: x\n${P}user_count: 5\n`,
      [`3:48 ansible: ${P}user_count is 5, but the role makes one key without ${P}multi_user.`],
    ],
  ])('is answered where it cannot be followed: %j', async (text, messages) => {
    expect(await messagesOf(text)).toEqual(messages);
  });
});
