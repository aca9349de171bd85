/** Secrets in a key's metadata, which LiteLLM encrypts from 1.108 on: shown by nobody, and their changes are seen. */
import { describe, expect, it } from 'vitest';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

describe.each(targets)('secrets in the metadata of keys on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const set = ground.name('hiding');
  const metadata = {
    logging: [
      {
        callback_name: 'langfuse',
        callback_type: 'success',
        callback_vars: {
          langfuse_public_key: 'pk-lf-public',
          langfuse_secret_key: '${LF_SECRET}',
          langfuse_host: 'https://lf.example.org',
        },
      },
    ],
    callback_settings: { callback_vars: { langsmith_api_key: 'lfsecret-langsmith', langsmith_project: 'p' } },
    api_token: 'lfsecret-by-its-name',
    stage: '${STAGE}',
    vault: 'open',
  };
  const spec = me.spec(set, [{ key_alias: set, roster: { count: 2 }, metadata }]);
  const run = (argv: string, LF_SECRET: string) =>
    me.vkeys([...argv.split(' '), '-f', spec], { LF_SECRET, STAGE: 'lfsecret-stage' });

  it.each(['lfsecret-one', 'lfsecret-two'])(
    'come in with as many requests as other keys take, and stay: %s',
    async (secret) => {
      const applied = await run('apply -o json --no-secrets', secret);
      expect(applied).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(applied.stdout)).toMatchObject({
        notices: [],
        summary: secret.endsWith('one') ? { create: 2 } : { update: 2 },
      });
      const changes = applied.requests.filter((each) => /generate|update/.test(each));
      expect(changes).toHaveLength(2);
      const again = await run('plan -o json', secret);
      expect(JSON.parse(again.stdout)).toMatchObject({ summary: { create: 0, update: 0 }, notices: [] });
      const other = await run('plan -o json', 'lfsecret-three');
      expect(JSON.parse(other.stdout)).toMatchObject({ summary: { update: 2 } });
      const listed = await me.vkeys(['list', '--set', set, '-o', 'json']);
      const one = await me.vkeys(['get', `${set}-user1`]);
      for (const { stdout } of [applied, again, other, listed, one]) {
        expect(stdout).not.toMatch(/lfsecret|litellm_enc|pk-lf/);
      }
    },
  );
});
