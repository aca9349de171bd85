import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { errorIn, keysIn } from '../support/printed.ts';
import { makeGround } from './ground.ts';
import { objectOf, printed } from './read.ts';
import { targets } from './targets.ts';

const VARIABLES = new URL('../../examples/ansible-vars.yaml', import.meta.url);

describe.each(targets)('commands on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();

  it('lists the models that the server offers', async () => {
    const { stdout } = await me.vkeys('models');
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(['claude-sonnet', 'gpt-4o-mini', 'llama-3-8b']));
  });

  it('refuses a model that the server does not offer, with the one that was probably meant', async () => {
    const alias = ground.name('model');
    const wrong = await me.vkeys(`create --alias ${alias} --models gpt-4o-mimi`);
    expect(wrong).toMatchObject({ code: 3, stdout: '' });
    expect(wrong.stderr).toContain('Did you mean gpt-4o-mini?');
    expect(wrong.requests.filter((each) => each.startsWith('POST'))).toEqual([]);
    expect(await me.json(`create --alias ${alias} --models gpt-4o-mimi --no-model-check`)).toMatchObject({
      changed: true,
    });
  });

  it('lets wildcards and the special names of models pass', async () => {
    const models = 'openai/*,all-team-models';
    expect(await me.one(`create --alias ${ground.name('special')} --models ${models}`)).toMatchObject({
      models: models.split(','),
    });
  });

  it('says that a wrong credential was refused, and exits with 4', async () => {
    const wrong = new Secret(`sk-${ground.name('wrong')}-0123456789`);
    const seen = await me.vkeys('list -o json', { LITELLM_MASTER_KEY: wrong.reveal() });
    expect({ code: seen.code, error: errorIn(seen) }).toMatchObject({ code: 4, error: { kind: 'auth' } });
    expect(seen.stdout + seen.stderr).not.toContain(wrong.reveal());
  });

  it('creates, changes and plans fields that lists do not have, with nothing left to do', async () => {
    const alias = ground.name('unlisted');
    const fields = {
      blocked: true,
      soft_budget: 2,
      model_tpm_limit: { 'gpt-4o-mini': 10 },
      allowed_cache_controls: ['no-cache'],
    };
    const file = me.spec(ground.name('unlisted-set'), [{ key_alias: alias, ...fields }]);
    expect(await me.json(['apply', '-f', file])).toMatchObject({ summary: { create: 1 }, notices: [] });
    expect((await me.vkeys(['plan', '-f', file, '--exit-code'])).code).toBe(0);
    expect(await me.one(`get ${alias}`)).toMatchObject({ status: 'blocked', blocked: true });
  });

  it('says which fields the server does not know, and plans them no second time', async () => {
    const file = me.spec(ground.name('new-set'), [{ key_alias: ground.name('new'), agent_id: 'agent', tpd_limit: 5 }]);
    const { notices, keys } = await me.json(['apply', '-f', file]);
    const live = await ground.key(ground.name('new'));
    const lost = ['agent_id', 'tpd_limit'].filter((field) => !Object.hasOwn(live.settings, field));
    expect(keys).toMatchObject([{ status: 'applied' }]);
    expect(notices).toMatchObject(
      lost.map((field) => ({ code: 'unsupported', message: expect.stringContaining(field) })),
    );
    expect((await me.vkeys(['plan', '-f', file, '--exit-code'])).code).toBe(0);
  });

  it('has the shape of its JSON: lists, keys and reports', async () => {
    const alias = ground.name('shape');
    const created = await me.one(`create --alias ${alias} --max-budget 2 --user-id ada --duration 3d`);
    expect(created).toEqual({
      set: 'adhoc',
      key_alias: alias,
      user: null,
      user_id: 'ada',
      action: 'create',
      reason: null,
      status: 'applied',
      changed: true,
      key: expect.stringMatching(/^sk-/),
      key_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      models: [],
      expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      max_budget: 2,
      spend: 0,
      total_spend: expect.toBeOneOf([0, null]),
      changes: expect.arrayContaining([{ field: 'max_budget', from: null, to: 2 }]),
      places: [],
      takes: [],
    });
    const [listed] = keysIn(await me.vkeys(['list', '--key', alias, '-o', 'json'])) ?? [];
    expect(listed).toMatchObject({
      key_alias: alias,
      key_id: created['key_id'],
      owned_by: 'adhoc',
      status: 'active',
      user_id: 'ada',
      team_id: null,
      models: [],
      spend: 0,
      max_budget: 2,
      budget_duration: null,
      tpm_limit: null,
      blocked: false,
      expires: created['expires'],
      metadata: { vkeys: { set: 'adhoc', name: alias } },
    });
    expect(listed).not.toHaveProperty('key');
    expect(await me.one(`get ${alias}`)).toEqual(listed);
  });

  it('takes the variables of the Ansible role, and answers as the role does', async () => {
    const alias = ground.name('ansible');
    writeFileSync(
      join(me.folder, 'vars.yaml'),
      readFileSync(VARIABLES, 'utf8').replace('litellm_vkey_alias: ansible-workshop', `litellm_vkey_alias: ${alias}`),
    );
    /* A key that the role made, without our mark. */
    const { id } = await ground.make('ansible-user2', { metadata: { cost_center: 'training' } });
    const result = resultOf((await me.vkeys('apply -f vars.yaml -o ansible')).stdout);
    expect(result).toMatchObject({
      api_endpoint: target.url,
      api_base_url: `${target.url}/v1`,
      models: ['gpt-4o-mini', 'claude-sonnet'],
      duration: '7d',
      user_count: 3,
      state: 'present',
      changed: true,
      keys: expect.arrayContaining([
        {
          user: 'user1',
          key: expect.stringMatching(/^sk-/),
          alias: `${alias}-user1`,
          key_id: expect.any(String),
          user_id: 'user1@workshop.example.com',
        },
        { user: 'user2', key: null, alias: `${alias}-user2`, key_id: id, user_id: 'user2@workshop.example.com' },
      ]),
    });
    expect(await ground.key(`${alias}-user3`)).toMatchObject({
      settings: { max_budget: 10 },
      metadata: { cost_center: 'training' },
    });
    expect(resultOf((await me.vkeys('apply -f vars.yaml -o ansible')).stdout)).toMatchObject({ changed: false });
    const gone = resultOf((await me.vkeys('delete -f vars.yaml -o ansible --yes')).stdout);
    expect(gone).toMatchObject({ state: 'absent', changed: true, deleted_count: 3, missing_count: 0 });
    const again = resultOf((await me.vkeys('delete -f vars.yaml -o ansible --yes')).stdout);
    expect(again).toMatchObject({ state: 'absent', changed: false, deleted_count: 0, missing_count: 3 });
  });
});

function resultOf(text: string): JsonObject {
  return objectOf(printed(text)['litellm_vkey_result']);
}
