/** What `vkeys env --check` says of keys, and the routes that clients ask for, on servers. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { CLIENTS } from '../../src/encode/clients.ts';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

const ROUTES = Object.values(CLIENTS).flatMap(({ route }) => (route === undefined ? [] : [route]));

describe.each(targets)('clients on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();

  it('tells a key that works from one that is blocked, over, or not known', async () => {
    const alias = ground.name('tried');
    const works = await me.vkeys(`create --alias ${alias} --models gpt-4o-mini --duration 1d`);
    expect(works.code).toBe(0);
    expect(await me.vkeys(`env ${alias} --check --model gpt-4o-mini`)).toMatchObject({
      code: 0,
      requests: ['GET /v1/models', 'GET /key/info'],
    });
    expect(await me.vkeys(`env ${alias} --check --model nothing`)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('The key may not use nothing.'),
    });
    await me.vkeys(`update ${alias} --field blocked=true`);
    expect(await me.vkeys(`env ${alias} --check`)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('The key is blocked'),
    });
    await me.vkeys(`delete ${alias} --yes --keyring elsewhere`);
    const gone = await me.vkeys(`env ${alias} --check`);
    expect([gone.code, gone.stderr]).toEqual([5, expect.stringContaining('The key is not known')]);
    expect(gone.stderr).not.toContain(works.stdout.trim());
  });

  it('tells a key whose time or budget is over', async () => {
    const short = ground.name('short');
    await me.vkeys(`create --alias ${short} --models gpt-4o-mini --duration 2s`);
    const poor = ground.name('poor');
    await me.vkeys(`create --alias ${poor} --models gpt-4o-mini --max-budget 0`);
    await target.pass(4000);
    expect(await me.vkeys(`env ${short} --check`)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('The key is over'),
    });
    expect(await me.vkeys(`env ${poor} --check`)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('The budget is spent'),
    });
  });

  it.skipIf(!target.isReal).each(ROUTES)('has $path from $since on', async ({ path, since }) => {
    const { secret } = await ground.make(`route${path.replaceAll(/\W/g, '-')}`);
    const { status, body } = await ground.ask('POST', path.replace('MODEL', 'gpt-4o-mini'), {}, secret);
    expect({ isThere: status !== 404 && status !== 405, body }).toEqual({
      isThere: !isOlder(target.version, since),
      body,
    });
  });
});
