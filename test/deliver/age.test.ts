/** Files that are encrypted for others: nobody here reads them again. */
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, armor, generateIdentity, identityToRecipient } from 'age-encryption';
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { Deliverer } from '../../src/apply/ports.ts';
import type { AgeDelivery, Delivery } from '../../src/model/delivery.ts';
import type { Place } from '../../src/model/place.ts';
import { delivererTo, folder, gone, handout, HOST, known, sinkPorts, TO } from './handouts.ts';

let identity: string;
let recipient: string;
let at: string;
beforeEach(async () => {
  identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
  at = await folder();
});

const named = (user: string, secret = `sk-${user}-secret`) => {
  const key = handout(user, { secret: new Secret(secret) });
  return { ...key, placeholders: { ...key.placeholders, ssh_key: recipient } };
};
const delivery = (path = '{user}.age', more: Partial<AgeDelivery & { template: string }> = {}): Delivery =>
  ({
    to: 'age',
    path: join(at, path),
    recipients: ['{ssh_key}'],
    armor: false,
    ...('template' in more ? {} : { variables: { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' } }),
    ...more,
  }) as Delivery;

async function opened(path: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const file = await readFile(path);
  const isArmored = file.toString('latin1').startsWith('-----');
  return decrypter.decrypt(isArmored ? armor.decode(file.toString()) : new Uint8Array(file), 'text');
}
const text = (secret: string): string => `OPENAI_API_KEY=${secret}\nOPENAI_BASE_URL=${TO.api_base_url}\n`;
const placesOf = async (deliverer: Deliverer, key = named('ada'), before: readonly Place[] = []) =>
  (await deliverer.put([known(key, before)])).placed.get(key.key_id) ?? [];
const path = (name = 'ada.age'): string => join(at, name);

describe('a file', () => {
  test('holds the variables for its recipient, and is written once', async () => {
    const deliverer = delivererTo([delivery()]);
    expect(await deliverer.check([known(named('ada'))])).toMatchObject({ refusals: [] });
    expect(existsSync(path())).toBe(false);
    expect((await deliverer.stale([known(named('ada'))], [])).put).toEqual([path()]);
    const places = await placesOf(deliverer);
    expect(places).toMatchObject([
      { sink: 'age', path: path(), host: HOST, proof: expect.stringMatching(/^\w{64}\.\w{64}$/) },
    ]);
    expect(await opened(path())).toBe(text('sk-ada-secret'));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    const bytes = await readFile(path());
    const again = delivererTo([delivery()]);
    expect((await again.stale([known(named('ada'), places)], [])).put).toEqual([]);
    const put = await again.put([known(named('ada'), places)]);
    expect([put.written, put.placed.get(named('ada').key_id)]).toEqual([[], places]);
    expect(await readFile(path())).toEqual(bytes);
  });

  test('is ASCII, or the text of a template, where that is asked for', async () => {
    await placesOf(delivererTo([delivery('{user}.age', { armor: true, template: 'Dear {user}: {key}' })]));
    expect(await readFile(path(), 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[\s\S]*\n$/);
    expect(await opened(path())).toBe('Dear ada: sk-ada-secret');
  });

  test.each<[string, () => Partial<AgeDelivery> & { secret?: string; ssh_key?: string }]>([
    ['the secret is another', () => ({ secret: 'sk-ada-second' })],
    ['the variables are others', () => ({ variables: { KEY: '{key}' } })],
    ['its form is another', () => ({ armor: true })],
    ['the recipients are others', () => ({ recipients: ['{ssh_key}', '{ssh_key}', `# all\n${recipient}`] })],
  ])('is written again when %s', async (why, change) => {
    const places = await placesOf(delivererTo([delivery()]));
    const { secret = 'sk-ada-secret', ...more } = change();
    const [deliverer, key] = [delivererTo([delivery('{user}.age', more)]), named('ada', secret)];
    const isSame = why.startsWith('the recipients');
    const { put } = await deliverer.stale([known(key, places)], []);
    expect(put).toEqual(isSame ? [] : [path()]);
    await placesOf(deliverer, key, places);
    expect(await opened(path())).toContain(secret);
  });

  test('is written again when the recipient has a new key, which alone opens it then', async () => {
    const places = await placesOf(delivererTo([delivery()]));
    identity = await generateIdentity();
    recipient = await identityToRecipient(identity);
    await placesOf(delivererTo([delivery()]), named('ada'), places);
    expect(await opened(path())).toBe(text('sk-ada-secret'));
  });

  test.each<[string, () => Promise<void>]>([
    ['it was deleted', () => rm(path())],
    ['it was emptied', () => writeFile(path(), '')],
    ['somebody encrypted something else there', () => writeFile(path(), 'age-encryption.org/v1\nother')],
    ['everybody may read it', () => chmod(path(), 0o644)],
  ])('is written again when %s', async (_, change) => {
    const places = await placesOf(delivererTo([delivery()]));
    await change();
    const deliverer = delivererTo([delivery()]);
    expect((await deliverer.stale([known(named('ada'), places)], [])).put).toEqual([path()]);
    await placesOf(deliverer, named('ada'), places);
    expect([await opened(path()), (await stat(path())).mode & 0o777]).toEqual([text('sk-ada-secret'), 0o600]);
  });

  test('is that where a link leads', async () => {
    await mkdir(join(at, 'real'));
    await writeFile(join(at, 'real', 'ada'), '');
    await symlink(join(at, 'real', 'ada'), path());
    const places = await placesOf(delivererTo([{ ...delivery(), path: path() }]));
    expect(await opened(join(at, 'real', 'ada'))).toBe(text('sk-ada-secret'));
    await delivererTo([]).remove([gone(named('ada'), places)]);
    expect([await readFile(join(at, 'real', 'ada'), 'utf8'), existsSync(path())]).toEqual(['', true]);
  });

  test('of somebody else is not written over', async () => {
    await writeFile(path(), 'my notes');
    const { refusals } = await delivererTo([delivery()]).check([known(named('ada'))]);
    expect(refusals).toMatchObject([{ message: expect.stringContaining('it is not encrypted with age') }]);
    const { failed } = await delivererTo([delivery()]).put([known(named('ada'))]);
    expect([failed.size, await readFile(path(), 'utf8')]).toEqual([1, 'my notes']);
  });

  test('of two keys is none', async () => {
    const { refusals } = await delivererTo([delivery('all.age')]).check([known(named('ada')), known(named('bob'))]);
    expect(refusals[0]?.message).toContain('lab-ada and lab-bob would both be this file.');
  });

  test.each([
    ['', 'it has no recipient'],
    ['age1cut', 'recipient 1 of it was cut or mistyped'],
    ['AGE-SECRET-KEY-1QQQ', 'recipient 1 of it is a private key'],
  ])('is not written for %j', async (ssh_key, message) => {
    const key = named('ada');
    const bad = { ...key, placeholders: { ...key.placeholders, ssh_key } };
    const { refusals } = await delivererTo([delivery()]).check([known(bad)]);
    const { failed, written } = await delivererTo([delivery()]).put([known(bad), known(named('bob'))]);
    expect([refusals[0]?.message, written]).toEqual([expect.stringContaining(message), [path('bob.age')]]);
    expect(JSON.stringify([failed.get(key.key_id)?.message, failed.get(key.key_id)?.hint])).not.toMatch(/QQQ|sk-/);
  });
});

describe('what is taken back', () => {
  test('is the file that was put for the key', async () => {
    const places = await placesOf(delivererTo([delivery()]));
    const { written } = await delivererTo([]).remove([gone(named('ada'), places)]);
    expect([written, existsSync(path())]).toEqual([[path()], false]);
    expect((await delivererTo([]).remove([gone(named('ada'), places)])).written).toEqual([]);
  });

  test('is gone from where it was when it moves', async () => {
    const places = await placesOf(delivererTo([delivery()]));
    const put = await delivererTo([delivery('new-{user}.age')]).put([known(named('ada'), places)]);
    expect([put.written, put.withdrawn, existsSync(path())]).toEqual([[path('new-ada.age')], [path()], false]);
  });

  test('is not a file that a newer key has there, nor one of somebody else', async () => {
    const places = await placesOf(delivererTo([delivery()]));
    await placesOf(delivererTo([delivery()]), named('ada', 'sk-ada-second'));
    expect((await delivererTo([delivery()]).stale([], [gone(named('ada'), places)])).remove).toEqual([]);
    expect((await delivererTo([]).remove([gone(named('ada'), places)])).written).toEqual([]);
    await writeFile(path(), 'my notes');
    expect(
      (
        await delivererTo([]).remove([
          gone(
            named('ada'),
            places.map(({ proof: _proof, ...place }) => place),
          ),
        ])
      ).written,
    ).toEqual([]);
  });

  test('is not found where no keyring remembers it, as nobody can tell what is in it', async () => {
    await placesOf(delivererTo([delivery()]));
    await placesOf(delivererTo([delivery('all.age')]));
    expect((await delivererTo([delivery(), delivery('all.age')]).remove([gone(named('ada'))])).written).toEqual([]);
    const lost = { ...known(named('ada')), secret: null };
    /* It may be there, so nobody makes another. */
    expect(await delivererTo([delivery()]).stale([lost], [])).toMatchObject({ unknown: [], unheld: [] });
    const bob = { ...known(named('bob')), secret: null };
    expect((await delivererTo([delivery()]).stale([bob], [])).unheld).toEqual([named('bob').key_id]);
  });

  test('is known to be there where the secret is lost and the keyring has the proof', async () => {
    const places = await placesOf(delivererTo([delivery()]));
    const lost = { ...known(named('ada'), places), secret: null };
    expect((await delivererTo([delivery()]).stale([lost], [])).unknown).toEqual([]);
  });
});

describe('a run that was killed', () => {
  const unproven = (places: readonly Place[]): readonly Place[] => places.map(({ proof: _proof, ...place }) => place);

  test('after the file was there, and before anybody noted it: it is written again', async () => {
    const places = unproven(await placesOf(delivererTo([delivery()])));
    const next = delivererTo([delivery()]);
    expect((await next.stale([known(named('ada'), places)], [])).put).toEqual([path()]);
    expect(await placesOf(next, named('ada'), places)).toMatchObject([{ proof: expect.any(String) }]);
    expect(await opened(path())).toBe(text('sk-ada-secret'));
  });

  test('there, and the key is gone or has moved: the file goes', async () => {
    const places = unproven(await placesOf(delivererTo([delivery()])));
    expect((await delivererTo([delivery()]).remove([gone(named('ada'), places)])).written).toEqual([path()]);
    await placesOf(delivererTo([delivery()]));
    await placesOf(delivererTo([delivery('new-{user}.age')]), named('ada'), places);
    expect(existsSync(path())).toBe(false);
  });

  test('there, and the key was replaced: the file of the new one stays', async () => {
    const places = unproven(await placesOf(delivererTo([delivery()])));
    const deliverer = delivererTo([delivery()]);
    await placesOf(deliverer, named('ada', 'sk-ada-second'));
    expect((await deliverer.remove([gone(named('ada'), places)])).written).toEqual([]);
    expect(await opened(path())).toBe(text('sk-ada-second'));
  });

  test('before the file had its name: what it left is cleared away', async () => {
    await writeFile(`${path()}.vkeys-tmp`, 'age-encryption.org/v1\nhalf');
    await placesOf(delivererTo([delivery()]));
    expect([existsSync(`${path()}.vkeys-tmp`), await opened(path())]).toEqual([false, text('sk-ada-secret')]);
  });
});

test('two runs at once leave a whole file, which both or one of them proves', async () => {
  const queue = { last: Promise.resolve() as Promise<unknown> };
  const exclusive = <T>(_: string, work: () => Promise<T>): Promise<T> => {
    const result = queue.last.then(work, work);
    queue.last = result;
    return result;
  };
  const runs = ['sk-ada-secret', 'sk-ada-second'].map((secret) => {
    const deliverer = makeDeliverer(
      'lab',
      [{ delivery: delivery(), to: TO }],
      { host: HOST, files: [] },
      sinkPorts({ exclusive }),
    );
    return placesOf(deliverer, named('ada', secret));
  });
  const [one, two] = await Promise.all(runs);
  expect([text('sk-ada-secret'), text('sk-ada-second')]).toContain(await opened(path()));
  const stale = async (secret: string, places: readonly Place[] = []) =>
    (await delivererTo([delivery()]).stale([known(named('ada', secret), places)], [])).put.length;
  expect([await stale('sk-ada-secret', one), await stale('sk-ada-second', two)].toSorted((a, b) => a - b)).toEqual([
    0, 1,
  ]);
});

test('a folder that may not be written is told before', async () => {
  await writeFile(join(at, 'file'), '');
  const { refusals } = await delivererTo([delivery('file/{user}.age')]).check([known(named('ada'))]);
  expect(refusals[0]?.message).toContain('is below something that is no folder');
});
