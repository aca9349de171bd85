/** Ends that a server does not store as it was asked to must not move those of other keys. */
import { expect, it } from 'vitest';
import { startClock } from '../../src/base/clock.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { connect, expectDone } from '../support/make.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { Secret } from '../../src/base/secret.ts';

const DAY = 86_400_000;

it('keeps an end that is ignored out of what is thought of the way to the server', async () => {
  const { fetch, clock } = makeServer();
  /* Says that it did, and keeps what the first key had. */
  let ignored: string | null = null;
  const deaf: Fetch = (url, init) =>
    fetch(
      url,
      ignored !== null && init.body?.includes(ignored) === true
        ? { ...init, body: init.body.replace('duration', 'drtn') }
        : init,
    );
  const connection = connect(deaf, { secret: new Secret(MASTER_KEY), now: clock.now, clock: startClock(clock.now) });
  const store = keyStore(connection);
  const make = async (key_alias: string): Promise<string> =>
    expectDone(await made(store.create(() => ({ key_alias, duration: '3d' }), null))).id;
  const [first, second] = [await make('first'), await make('second')];
  const end = new Date(clock.now().getTime() + 5 * DAY);
  const aim = (now: Date) => ({ duration: `${String(Math.round((end.getTime() - now.getTime()) / 1000))}s` });
  ignored = first;
  await store.update(first, aim);
  const { expires } = expectDone(await store.update(second, aim));
  expect(Math.abs(Date.parse(expires ?? '') - end.getTime())).toBeLessThanOrEqual(2000);
  expect(Math.abs(connection.clock.lag('/key/update'))).toBeLessThanOrEqual(2000);
});

async function made<T extends { readonly is: string }>(
  creation: Promise<T>,
): Promise<Exclude<T, { readonly is: 'mints' }>> {
  const landed = await creation;
  if (landed.is === 'mints') throw new Error('it was asked to');
  return landed as Exclude<T, { readonly is: 'mints' }>;
}
