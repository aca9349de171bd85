/** What a plan says of a key's team is what the server does. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { makeGround } from './ground.ts';
import { textOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('the team of a key on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const team_id = ground.name('team');
  ground.finally(() => ground.ask('POST', '/team/delete', { team_ids: [team_id] }));

  it('lets the key less than it asks for: the plan says so, and the server refuses the call', async () => {
    const { code } = await ground.ask('POST', '/team/new', { team_id, models: ['gpt-4o-mini'], max_budget: 5 });
    expect(code).toBe('ok');
    const key = { key_alias: ground.name('k'), team_id, models: ['gpt-4o-mini', 'claude-sonnet'], max_budget: 10 };
    const spec = me.spec(ground.name('s'), [key]);
    const { stdout, requests } = await me.vkeys(['plan', '-f', spec]);
    expect(stdout).toContain(`Its team ${team_id} may not use claude-sonnet, so calls of it are refused.`);
    expect(stdout).toContain(`Its max_budget of 10 is more than the 5 of its whole team ${team_id}.`);
    expect(requests.filter((request) => request.includes('/team/')).length).toBeLessThanOrEqual(2);
    await me.vkeys(['apply', '-f', spec]);
    const shown = await me.one(['get', key.key_alias, '--show-key']);
    const call = (model: string) =>
      ground.ask(
        'POST',
        '/v1/chat/completions',
        { model, messages: [{ role: 'user', content: 'hi' }] },
        new Secret(textOf(shown['key'])),
      );
    expect((await call('gpt-4o-mini')).code).toBe('ok');
    expect([401, 403]).toContain((await call('claude-sonnet')).status);
  });

  it('is not there: the plan says so', async () => {
    const spec = me.spec(ground.name('none'), [{ key_alias: ground.name('n'), team_id: ground.name('nobody') }]);
    const { stdout } = await me.vkeys(['plan', '-f', spec]);
    expect(stdout).toContain(`The server has no team with the id ${ground.name('nobody')}.`);
  });
});
