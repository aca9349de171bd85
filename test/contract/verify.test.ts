/** What `vkeys verify` says of keys on servers: with the keyring alone. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { printedIn } from '../support/printed.ts';
import { makeGround } from './ground.ts';
import { objectsOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('keys that are tried on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const NONE = { LITELLM_BASE_URL: '', LITELLM_MASTER_KEY: '' };

  it('work, or are blocked, over, spent, not known, or may not list models', async () => {
    const set = ground.name('tried');
    const models = ['gpt-4o-mini'];
    const file = me.spec(set, [
      { key_alias: ground.name('fine'), models },
      { key_alias: ground.name('shut'), blocked: true },
      { key_alias: ground.name('over'), duration: '2s' },
      { key_alias: ground.name('poor'), max_budget: 0 },
      { key_alias: ground.name('gone') },
      ...(isOlder(target.version, '1.77.7')
        ? []
        : [{ key_alias: ground.name('desk'), allowed_routes: ['info_routes'] }]),
    ]);
    expect(await me.vkeys(`apply -f ${file} --yes`)).toMatchObject({ code: 0 });
    await ground.store.remove([(await ground.key(ground.name('gone'))).id]);
    await target.pass(3000);
    const seen = await me.vkeys(`verify --set ${set} -o json`, NONE);
    const found = objectsOf(printedIn(seen)['keys']).map(({ key_alias, state }) => [key_alias, state]);
    expect(seen.code).toBe(5);
    expect(Object.fromEntries(found)).toMatchObject({
      [ground.name('fine')]: 'works',
      [ground.name('shut')]: 'blocked',
      [ground.name('over')]: 'expired',
      [ground.name('poor')]: 'over_budget',
      [ground.name('gone')]: 'unknown',
    });
    expect(await me.vkeys(`verify ${ground.name('fine')} --chat gpt-4o-mini`, NONE)).toMatchObject({ code: 0 });
    expect(await me.vkeys(`verify ${ground.name('fine')} --chat claude-sonnet`, NONE)).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('\tcall_failed\t'),
    });
    const who = printedIn(await me.vkeys(`whoami ${ground.name('fine')} -o json`, NONE));
    expect(who).toMatchObject({ keys: [{ key_alias: ground.name('fine') }], whoami: { state: 'works', models } });
    expect((await me.vkeys(`whoami ${ground.name('shut')}`, NONE)).code).toBe(4);
    expect(await me.vkeys(`verify ${ground.name('gone')} --expect unknown`, NONE)).toMatchObject({ code: 0 });
  });
});
