/** What keys spent between two moments and in all, by the figures of servers, and that they are dead afterwards. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { Secret } from '../../src/base/secret.ts';
import { makeGround } from './ground.ts';
import { objectOf, objectsOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('the account on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();

  it('has what was used, by a snapshot and at the end', async () => {
    const [set, ada, bob] = [ground.name('class'), ground.name('ada'), ground.name('bob')];
    const file = me.spec(set, [{ key_alias: ada, user_id: ada }, { key_alias: bob }]);
    expect(await me.vkeys(`apply -f ${file} --yes`)).toMatchObject({ code: 0 });
    expect(await me.vkeys(`snapshot -f ${file} --out before.json`)).toMatchObject({ code: 0 });
    const secret = new Secret((await me.vkeys(`token ${ada}`)).stdout.trim());
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] };
    const answers = [];
    for (const turn of [1, 2]) {
      const said = await ground.ask('POST', '/v1/chat/completions', body, secret);
      expect(said, `call ${String(turn)}`).toMatchObject({ code: 'ok' });
      answers.push(said);
    }
    const tokens = answers.map((said) => objectOf(objectOf(said.body)['usage']));
    const sumOf = (name: string): number => tokens.reduce((sum, each) => sum + Number(each[name]), 0);
    const [prompt_tokens, completion_tokens] = [sumOf('prompt_tokens'), sumOf('completion_tokens')];
    const spend = expect.closeTo(prompt_tokens * 0.001 + completion_tokens * 0.002, 9);
    await expect.poll(async () => (await ground.key(ada)).spend, { timeout: 40_000, interval: 500 }).toEqual(spend);
    const used = objectsOf((await me.json('usage --between before.json'))['usage']);
    expect(used).toMatchObject([
      { key_alias: ada, spend },
      { key_alias: bob, spend: 0 },
    ]);
    const { standings } = await me.json(`status -f ${file}`);
    expect(objectsOf(standings)).toMatchObject([
      { key_alias: ada, status: 'active', spend, unused: false },
      { key_alias: bob, status: 'active', spend: 0, unused: true },
    ]);
    const counted = { requests: 2, failed: 0, prompt_tokens, completion_tokens, spend };
    await expect
      .poll(async () => objectsOf((await me.json(`usage --key ${ada}`))['usage']), { timeout: 40_000, interval: 1000 })
      .toMatchObject([counted]);
    /* Blocking is known to all processes of a server a minute later, which the proof waits for. */
    expect(await me.vkeys(`close -f ${file} --report out --settle 0 --yes`)).toMatchObject({ code: 0 });
    const account = objectOf(JSON.parse(readFileSync(join(me.folder, 'out/account.json'), 'utf8')));
    expect(account).toMatchObject({
      state: 'closed',
      left: [],
      differences: [],
      keys: [
        { key_alias: ada, user_id: ada, used: counted, proof: 'refused' },
        { key_alias: bob, spend: 0, proof: 'refused' },
      ],
    });
    if (!isOlder(target.version, '1.108.0'))
      expect(objectsOf(account['keys'])[0]).toMatchObject({ total_spend: spend });
  });
});
