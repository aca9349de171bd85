/** A place in Vault or OpenBao, against the server of `vault-server.ts`, or a real one: see there. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { Place } from '../../src/model/place.ts';
import { gone, handout, known, TO } from './handouts.ts';
import { someVault, type Vault } from './vault-server.ts';
import { newFolder, secretAt, vaultDeliverer, vaultDelivery } from './vaults.ts';

const ADA = handout('ada');
const BOB = handout('bob');

let vault: Vault;
let root: string;
let folder: string;
beforeEach(async () => {
  vault = await someVault();
  root = await vault.token();
  folder = newFolder();
});
const deliver = (deliveries: Parameters<typeof vaultDeliverer>[0], token = root) =>
  vaultDeliverer(deliveries, vault, token);
const at = (name: string): string => `secret/data/${folder}/${name}`;
const here = (name = '{user}') => vaultDelivery(at(name));
const placeOf = async (delivery = here(), key = ADA): Promise<readonly Place[]> =>
  (await deliver([delivery]).put([known(key)])).placed.get(key.key_id) ?? [];

describe('a hand-out', () => {
  test('is a secret with its values, which a second time changes nothing', async () => {
    const [delivery, path] = [here(), `${vault.address}/v1/${at('ada')}`];
    expect(await deliver([delivery]).check([known(ADA)])).toMatchObject({ refusals: [] });
    expect(await secretAt(vault, at('ada'))).toBeNull();
    expect((await deliver([delivery]).stale([known(ADA)], [])).put).toEqual([path]);
    const put = await deliver([delivery]).put([known(ADA)]);
    expect([put.written, put.failed.size, put.placed.get(ADA.key_id)?.[0]?.path]).toEqual([[path], 0, path]);
    const made = { data: { key: 'sk-ada-secret', url: TO.api_base_url }, version: 1 };
    expect(await secretAt(vault, at('ada'))).toEqual(made);
    expect(await deliver([delivery]).check([known(ADA)])).toMatchObject({ refusals: [] });
    expect((await deliver([delivery]).stale([known(ADA)], [])).put).toEqual([]);
    expect((await deliver([delivery]).put([known(ADA)])).written).toEqual([]);
    expect(await secretAt(vault, at('ada'))).toEqual(made);
  });

  test('leaves what others have in that secret, whatever it is', async () => {
    const theirs = { note: 'mine', port: 5432, deep: { list: [1, null] } };
    await vault.admin(at('ada'), { data: theirs });
    await placeOf();
    expect((await secretAt(vault, at('ada')))?.data).toEqual({ ...theirs, key: 'sk-ada-secret', url: TO.api_base_url });
  });

  test('is made again where somebody changed or deleted it', async () => {
    const places = await placeOf();
    await vault.admin(at('ada'), { data: { key: 'another', note: 'mine' } });
    expect((await deliver([here()]).stale([known(ADA, places)], [])).put).toHaveLength(1);
    await deliver([here()]).put([known(ADA, places)]);
    expect((await secretAt(vault, at('ada')))?.data).toEqual({
      key: 'sk-ada-secret',
      url: TO.api_base_url,
      note: 'mine',
    });
    await vault.admin(`secret/delete/${folder}/ada`, { versions: [3] });
    expect((await secretAt(vault, at('ada')))?.data).toBeNull();
    await deliver([here()]).put([known(ADA, places)]);
    expect(await secretAt(vault, at('ada'))).toMatchObject({ data: { key: 'sk-ada-secret' }, version: 4 });
  });

  test('gets the new secret of a key that was replaced, and drops names that it has no more', async () => {
    const places = await placeOf(vaultDelivery(at('ada'), { variables: { OLD: '{key}', url: '{api_base_url}' } }));
    await deliver([here('ada')]).put([known(ADA, places)]);
    expect((await secretAt(vault, at('ada')))?.data).toEqual({ key: 'sk-ada-secret', url: TO.api_base_url });
    await deliver([here('ada')]).put([known(handout('ada', { secret: new Secret('sk-ada-second') }))]);
    expect((await secretAt(vault, at('ada')))?.data).toEqual({ key: 'sk-ada-second', url: TO.api_base_url });
  });

  test('of two keys can be one secret, if they have names of their own', async () => {
    const one = vaultDelivery(at('all'), { variables: { '{user}': '{key}' } });
    await deliver([one]).put([known(ADA), known(BOB)]);
    expect((await secretAt(vault, at('all')))?.data).toEqual({ ada: 'sk-ada-secret', bob: 'sk-bob-secret' });
    const { refusals } = await deliver([here('all')]).check([known(ADA), known(BOB)]);
    expect(refusals).toMatchObject([{ message: expect.stringContaining('lab-ada and lab-bob both want to be key') }]);
  });

  test('is there where each write has to name its version, and where but one is kept', async () => {
    await vault.admin(`secret/metadata/${folder}/ada`, { cas_required: true, max_versions: 1 });
    const places = await placeOf();
    await vault.admin(at('ada'), { data: { note: 'mine' }, options: { cas: 1 } });
    await deliver([here()]).put([known(ADA, places)]);
    expect((await secretAt(vault, at('ada')))?.data).toMatchObject({ note: 'mine', key: 'sk-ada-secret' });
    const moved = await deliver([here('new-{user}')]).put([known(ADA, places)]);
    expect([moved.failed.size, (await secretAt(vault, at('ada')))?.data]).toEqual([0, { note: 'mine' }]);
  });

  test.each(['a/b', '..', 'a\nb', ''])('is not where the name %j would choose', async (user) => {
    const key = handout('eve', { user, placeholders: { user } });
    const { failed, written } = await deliver([here()]).put([known(key), known(ADA)]);
    expect([written, failed.get(key.key_id)?.message]).toEqual([
      [`${vault.address}/v1/${at('ada')}`],
      expect.stringMatching(/^lab-eve was not delivered: /),
    ]);
  });

  test('can be called what asks for something else in an address', async () => {
    const user = 'Zoë ?list=true#%2F&+*';
    const key = handout('zoe', { user, placeholders: { user } });
    await deliver([here()]).put([known(key)]);
    expect(await vault.admin(`secret/metadata/${folder}/?list=true`)).toMatchObject({ data: { keys: [user] } });
    expect((await deliver([here()]).stale([known(key)], [])).put).toEqual([]);
  });
});

describe('two runs at once', () => {
  test('lose no key in one secret, and nothing that somebody else writes there', async () => {
    const one = vaultDelivery(at('all'), { variables: { '{user}': '{key}' } });
    const users = ['a', 'b', 'c', 'd', 'e'];
    const foreign = async (): Promise<void> => {
      const found = await secretAt(vault, at('all'));
      const body = { data: { ...found?.data, theirs: 'x' }, options: { cas: found?.version ?? 0 } };
      await vault.admin(at('all'), body).catch(foreign);
    };
    const runs = users.map((user) => deliver([one]).put([known(handout(user))]));
    const [ends] = await Promise.all([Promise.all(runs), foreign()]);
    expect(ends.map(({ failed }) => failed.size)).toEqual(users.map(() => 0));
    const wanted = Object.fromEntries(users.map((user) => [user, `sk-${user}-secret`]));
    expect((await secretAt(vault, at('all')))?.data).toEqual({ ...wanted, theirs: 'x' });
  });
});

describe('what is taken back', () => {
  test('of a key that is gone is its values, and the secret with the last of them', async () => {
    await vault.admin(at('ada'), { data: { note: 'mine' } });
    const [ada, bob] = [await placeOf(), await placeOf(here(), BOB)];
    const { written, failed } = await deliver([here()]).remove([gone(ADA, ada), gone(BOB, bob)]);
    expect([written.toSorted(), failed.size]).toEqual([
      ['ada', 'bob'].map((name) => `${vault.address}/v1/${at(name)}`),
      0,
    ]);
    expect((await secretAt(vault, at('ada')))?.data).toEqual({ note: 'mine' });
    expect(await secretAt(vault, at('bob'))).toEqual({ data: null, version: 1 });
    expect((await deliver([here()]).remove([gone(ADA, ada), gone(BOB, bob)])).written).toEqual([]);
    /* It opens nothing any more. */
    expect(await secretAt(vault, `${at('ada')}?version=2`)).toMatchObject({ data: { key: 'sk-ada-secret' } });
  });

  test('stands below a newer key', async () => {
    await placeOf(here(), handout('ada', { secret: new Secret('sk-ada-second') }));
    expect((await deliver([here()]).remove([gone(ADA)])).written).toEqual([]);
  });

  test('of a key that has moved goes out of the old versions too', async () => {
    await vault.admin(at('ada'), { data: { note: 'mine' } });
    const places = await placeOf();
    const { withdrawn, failed } = await deliver([here('new-{user}')]).put([known(ADA, places)]);
    expect([withdrawn, failed.size]).toEqual([[`${vault.address}/v1/${at('ada')}`], 0]);
    expect((await secretAt(vault, at('ada')))?.data).toEqual({ note: 'mine' });
    expect((await secretAt(vault, `${at('ada')}?version=2`))?.data).toBeNull();
    expect((await secretAt(vault, `${at('ada')}?version=1`))?.data).toEqual({ note: 'mine' });
    const [first] = await placeOf(here('new-{user}'));
    await deliver([here('newer-{user}')]).put([known(ADA, first === undefined ? [] : [first])]);
    const { data } = await vault.admin(`secret/metadata/${folder}/new-ada`);
    expect(data).toMatchObject({ versions: { 1: { destroyed: true } } });
  });

  test('stays remembered where the token may not destroy old versions, and goes when it may', async () => {
    const places = await placeOf();
    await vault.admin(at('ada'), { data: { key: 'sk-ada-secret', note: 'mine' } });
    const [data, metadata, destroy] = ['data', 'metadata', 'destroy'].map((door) => `secret/${door}/${folder}/*`);
    const weak = await vault.token({ [data ?? '']: ['create', 'read', 'update'], [metadata ?? '']: ['read'] });
    const put = await deliver([here('new-{user}')], weak).put([known(ADA, places)]);
    expect(put.failed.get(ADA.key_id)).toMatchObject({
      message: expect.stringContaining(`${at('ada')}: The token may not destroy versions of it`),
      hint: expect.stringContaining(`path "${destroy ?? ''}" { capabilities = ["update"] }`),
    });
    expect((await secretAt(vault, at('ada')))?.data).toEqual({ note: 'mine' });
    const placed = put.placed.get(ADA.key_id) ?? [];
    expect(placed.map(({ path }) => path)).toContain(`${vault.address}/v1/${at('ada')}`);
    const again = await deliver([here('new-{user}')]).put([known(ADA, placed)]);
    expect([again.failed.size, (await secretAt(vault, `${at('ada')}?version=1`))?.data]).toEqual([0, null]);
  });

  test('is found by its hash where no keyring remembers it, as far as the token may list', async () => {
    const delivery = vaultDelivery(at('{set}/{user}/own'));
    await deliver([delivery]).put([known(ADA), known(BOB)]);
    const lost = gone({ ...ADA, placeholders: {}, user: null });
    const weak = await vault.token({
      [`secret/data/${folder}/*`]: ['read', 'update'],
      [`secret/delete/${folder}/*`]: ['update'],
    });
    expect((await deliver([delivery], weak).remove([lost])).written).toEqual([]);
    expect((await deliver([delivery]).remove([lost])).written).toEqual([`${vault.address}/v1/${at('lab/ada/own')}`]);
    expect((await secretAt(vault, at('lab/bob/own')))?.data).toMatchObject({ key: 'sk-bob-secret' });
  });

  test('is found by the place alone when the spec names it no more', async () => {
    const places = await placeOf();
    const { written, elsewhere } = await deliver([]).remove([
      gone(
        ADA,
        places.map((place) => ({ ...place, host: 'ci' })),
      ),
    ]);
    expect([written, elsewhere]).toEqual([[`${vault.address}/v1/${at('ada')}`], []]);
  });
});

describe('a namespace', () => {
  test('comes from the spec or the environment, and is a part of the place', async () => {
    const team = newFolder();
    await vault.admin(`sys/namespaces/${team}`, {});
    await vault.admin(`${team}/sys/mounts/secret`, { type: 'kv', options: { version: '2' } });
    const path = `${vault.address}/v1/${team}/${at('ada')}`;
    const inSpec = vaultDelivery(at('{user}'), { vault: { namespace: team } });
    expect((await deliver([inSpec]).check([known(ADA)])).refusals).toEqual([]);
    const { placed, written } = await deliver([inSpec]).put([known(ADA)]);
    expect(written).toEqual([path]);
    expect(await secretAt(vault, at('ada'))).toBeNull();
    const env = { VAULT_NAMESPACE: `/${team}/` };
    expect((await vaultDeliverer([here()], vault, root, env).stale([known(ADA)], [])).put).toEqual([]);
    const places = placed.get(ADA.key_id) ?? [];
    expect(
      (await vaultDeliverer([], vault, root, { VAULT_NAMESPACE: 'other' }).remove([gone(ADA, places)])).written,
    ).toEqual([path]);
  });
});
