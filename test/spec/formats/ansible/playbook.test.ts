import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, messagesOf } from '../../load.ts';

const FOLDER = new URL('../../../fixtures/ansible/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

/** A play with these lines as its tasks. */
const play = (tasks: string, more = ''): string => `- hosts: localhost\n${more}  tasks:\n${tasks}`;
const ROLE = '    - include_role: { name: manage_keys }\n';
const VARS = '      vars: { litellm_vkey_alias: a, litellm_vkey_models: [m] }\n';

/** The aliases that a text makes, or what is wrong with it. */
async function aliasesIn(text: string): Promise<readonly string[]> {
  const { specs, problems } = await load(text);
  return problems === '' ? specs.flatMap(({ desired }) => desired.map(({ ref }) => ref.name)) : [problems];
}

describe("the role's examples", () => {
  test.each([
    ['one-key.yml', 'https://litellm.example.com', 'present', ['project-one'], 'ada@example.com', '7d'],
    ['one-key-openshift.yml', 'https://litellm.apps.example.com', 'present', ['project-one'], 'ada@example.com', '7d'],
    [
      'workshop.yml',
      'https://litellm.example.com',
      'present',
      [1, 2, 3, 4].map((n) => `agents-101-participant${String(n)}`),
      'participant1@workshop.example.com',
      '3d',
    ],
    ['delete-one-key.yml', 'https://litellm.example.com', 'absent', ['project-one'], 'project-one', '7d'],
  ])('%s is read as it is', async (name, url, state, aliases, user_id, duration) => {
    const { specs, notices } = await load({ [name]: read(name) });
    expect(specs).toMatchObject([{ url, state, adopt: true, ansible: { duration } }]);
    const desired = specs[0]?.desired ?? [];
    expect(desired.map(({ ref }) => ref.name)).toEqual(aliases);
    expect(desired[0]).toMatchObject({ settings: { user_id }, lifetime: { duration } });
    expect(notices).toEqual([]);
  });

  test('and its defaults may all be given together', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vkeys-role-'));
    cpSync(FOLDER, folder, { recursive: true });
    const { specs, notices } = await load({
      'defaults.yml': read('defaults.yml'),
      'workshop.yml': read('workshop.yml'),
    });
    expect(specs.map(({ set }) => set)).toEqual(['agents-101']);
    expect(notices).toEqual([
      'defaults.yml:13:21 ansible: These are the defaults of the role, which vkeys has too: they name no key, so the file is passed over.',
    ]);
  });

  test('defaults with a key in them are a file of variables', async () => {
    const named = read('defaults.yml').replace("alias: ''", "alias: 'a'").replace('models: []', 'models: [m]');
    const { specs, notices } = await load(named);
    expect(specs).toMatchObject([
      {
        set: 'a',
        url: null,
        timeout: 30_000,
        credential: null,
        desired: [{ settings: { models: ['m'], user_id: 'a' } }],
      },
    ]);
    expect(notices.map((each) => each.replace(/: litellm.*/, ''))).toEqual([
      '22:27 ansible: Passed over, because they change nothing here',
    ]);
    const changed = read('defaults.yml').replace('api_timeout: 30', 'api_timeout: 60');
    expect(await messagesOf(changed)).toEqual([
      '13:21 missing: litellm_vkey_alias is missing.',
      '14:22 missing: litellm_vkey_models is missing, and the role wants it.',
    ]);
  });
});

describe('a playbook', () => {
  test.each([
    ['include_role', play(ROLE + VARS)],
    ['import_role', play('    - import_role: { name: manage_keys }\n' + VARS)],
    ['a qualified name', play('    - ansible.builtin.import_role: { name: a.b.manage_keys }\n' + VARS)],
    ['the short form', play('    - ansible.legacy.include_role: tasks_from=main name=a.manage_keys\n' + VARS)],
    ['a path to the role', play('    - include_role: { name: ../roles/manage_keys }\n' + VARS)],
    ['another name, given its variables', play('    - include_role: { name: our_keys }\n' + VARS)],
    ['variables of the play', play(ROLE, '  vars: { litellm_vkey_alias: a, litellm_vkey_models: [m] }\n')],
    ['nearer variables first', play(ROLE + VARS, '  vars: { litellm_vkey_alias: b }\n')],
    ['variables of a block', play(`    - block:\n      - include_role: { name: manage_keys }\n${VARS}`)],
    ['roles', '- hosts: h\n  roles:\n    - x\n    - role: manage_keys\n' + VARS],
    ['roles by name', '- hosts: h\n  roles:\n    - name: manage_keys\n' + VARS],
    [
      'roles with variables beside',
      '- hosts: h\n  roles:\n    - { role: manage_keys, litellm_vkey_alias: a, litellm_vkey_models: m }',
    ],
    ['a role alone', '- hosts: h\n  vars: { litellm_vkey_alias: a, litellm_vkey_models: m }\n  roles: [manage_keys]'],
    [
      'pre_tasks',
      play('    - debug: {}\n')
        .replace('tasks', 'post_tasks')
        .replace('hosts: localhost', `pre_tasks:\n${ROLE}${VARS}`),
    ],
    ['tasks without a play', (ROLE + VARS).replaceAll(/^ {4}/gm, '')],
    [
      'an anchor',
      play(
        `    - debug: {}\n      vars: &v { litellm_vkey_alias: a, litellm_vkey_models: m }\n${ROLE}      vars: *v\n`,
      ),
    ],
    [
      'JSON',
      JSON.stringify([
        {
          hosts: 'h',
          tasks: [
            { include_role: { name: 'manage_keys' }, vars: { litellm_vkey_alias: 'a', litellm_vkey_models: ['m'] } },
          ],
        },
      ]),
    ],
  ])('is read: %s', async (_, text) => {
    expect(await aliasesIn(text)).toEqual(['a']);
  });

  test('may run the role several times', async () => {
    const text = play(
      ROLE + VARS + ROLE + VARS.replace('alias: a', 'alias: b') + '    - include_role: { name: other }\n',
    );
    expect(await aliasesIn(text)).toEqual(['a', 'b']);
    expect(await aliasesIn(`${text}---\n${text.replaceAll('alias: ', 'alias: x')}`)).toEqual(['a', 'b', 'xa', 'xb']);
    expect(await messagesOf(play(ROLE + VARS + ROLE + VARS))).toEqual([
      '6:35 duplicate: The key "a" is here a second time, first at spec.yaml:4:35.',
    ]);
  });

  test('asks for so many keys at most as any spec', async () => {
    const task = (alias: string): string =>
      `${ROLE}      vars: { litellm_vkey_alias: ${alias}, litellm_vkey_models: m, litellm_vkey_multi_user: 1, litellm_vkey_user_count: 25000 }\n`;
    expect(await messagesOf(play(task('a') + task('b') + task('c')))).toEqual([
      '6:35 limit: These are more than 25000 keys.',
    ]);
  });

  const NONE = 'ansible: The playbook does not run the role manage_keys with litellm_vkey_ variables.';
  test.each([
    [
      'a loop',
      play(`${ROLE}      loop: [a, b]\n${VARS}`),
      ['4:7 ansible: The role runs under "loop", which only Ansible can decide.'],
    ],
    [
      'with_items',
      play(`${ROLE}      with_items: [a, b]\n${VARS}`),
      ['4:7 ansible: The role runs under "with_items", which only Ansible can decide.'],
    ],
    [
      'a condition',
      play(`${ROLE}      when: x\n${VARS}`),
      ['4:7 ansible: The role runs under "when", which only Ansible can decide.'],
    ],
    [
      'a condition of a block',
      play(
        `    - when: x\n      block:\n        - include_role: { name: manage_keys }\n          vars: { litellm_vkey_alias: a, litellm_vkey_models: [m] }\n`,
      ),
      ['3:7 ansible: The role runs under "when", which only Ansible can decide.'],
    ],
    [
      'a rescue',
      play(
        `    - block: []\n      rescue:\n        - include_role: { name: manage_keys }\n          vars: { litellm_vkey_alias: a, litellm_vkey_models: [m] }\n`,
      ),
      ['4:7 ansible: The role runs under "rescue", which only Ansible can decide.'],
    ],
    [
      'no role',
      play('    - debug: { msg: x }\n    - 5\n    - include_role: 5\n    - include_role: { name: 5 }\n'),
      [`1:1 ${NONE}`],
    ],
    ['no tasks', '- hosts: h\n  tasks: none\n  roles: [x, 5]', [`1:1 ${NONE}`]],
    ['another playbook', '- import_playbook: x.yml\n- ansible.builtin.import_playbook: y.yml', [`1:1 ${NONE}`]],
    [
      'a typo',
      play(ROLE + VARS.replace('models', 'model')),
      ['4:38 unknown-field: There is no variable litellm_vkey_model. Did you mean litellm_vkey_models?'],
    ],
    [
      'no alias',
      play(ROLE + '      vars: { litellm_vkey_models: m }\n'),
      ['3:21 missing: litellm_vkey_alias is missing.'],
    ],
    [
      'a variable of another file',
      play(ROLE + VARS.replace('alias: a', 'alias: "{{ x }}"'), '  vars_files: [x.yml]\n'),
      ['5:35 ansible: "{{ x }}" needs the variable x, which is not in this file.'],
    ],
    ['no play', '- a: b', ['1:1 type: The spec has to be a mapping, but it is a list.']],
    ['nothing but values', '- 5', ['1:1 type: The spec has to be a mapping, but it is a list.']],
  ])('with %s is answered', async (_, text, messages) => {
    expect(await messagesOf(text)).toEqual(messages);
  });
});
