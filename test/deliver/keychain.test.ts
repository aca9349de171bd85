import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { keychainEntry, type KeychainLibrary } from '../../src/deliver/keychain.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { Keychain } from '../../src/deliver/sink.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { folder, gone, handout, HOST, known, sinkPorts, TO } from './handouts.ts';

const ada = handout('ada');
const bob = handout('bob');

/** A key store in memory. */
function makeKeychain() {
  const entries = new Map<string, string>();
  const keychain: Keychain = async (service, account) => {
    const name = `${service}/${account}`;
    return {
      get: async () => entries.get(name) ?? null,
      set: async (password) => void entries.set(name, password),
      remove: async () => entries.delete(name),
    };
  };
  return { entries, keychain };
}

const entry = (service: string, account: string): Delivery => ({
  to: 'keychain',
  path: `${service}/${account}`,
  service,
  account,
});
const LITELLM = entry('litellm', '{key_alias}');

const delivererIn = (keychain: Keychain, ...deliveries: readonly Delivery[]) =>
  makeDeliverer(
    'lab',
    deliveries.map((delivery) => ({ delivery, to: TO })),
    { host: HOST, files: [] },
    sinkPorts({ keychain }),
  );

test('an entry has the secret, once, and loses it with the key', async () => {
  const { entries, keychain } = makeKeychain();
  const deliverer = () => delivererIn(keychain, LITELLM);
  expect(await deliverer().check([known(ada)])).toEqual({ refusals: [], notices: [] });
  expect(entries.size).toBe(0);
  expect((await deliverer().stale([known(ada)], [])).put).toEqual(['litellm/lab-ada']);
  const { placed, written } = await deliverer().put([known(ada)]);
  expect([written, entries]).toEqual([['litellm/lab-ada'], new Map([['litellm/lab-ada', 'sk-ada-secret']])]);
  const places = placed.get(ada.key_id) ?? [];
  expect((await deliverer().put([known(ada, places)])).written).toEqual([]);
  expect(await deliverer().stale([{ ...known(ada), secret: null }], [])).toEqual({
    put: [],
    remove: [],
    unknown: [],
    unheld: [],
  });
  expect((await delivererIn(keychain).stale([], [gone(ada, places, false)])).remove).toEqual(['litellm/lab-ada']);
  expect((await delivererIn(keychain).remove([gone(ada, places, false)])).written).toEqual(['litellm/lab-ada']);
  expect(entries.size).toBe(0);
});

test('a key that is elsewhere now, or came anew, or was lost with the keyring', async () => {
  const { entries, keychain } = makeKeychain();
  const { placed } = await delivererIn(keychain, LITELLM).put([known(ada)]);
  const moved = await delivererIn(keychain, entry('llm', '{user}')).put([known(ada, placed.get(ada.key_id))]);
  expect([moved.withdrawn, [...entries.keys()]]).toEqual([['litellm/lab-ada'], ['llm/ada']]);
  const anew = handout('ada', { secret: new Secret('sk-ada-another-secret') });
  const deliverer = delivererIn(keychain, entry('llm', '{user}'));
  await deliverer.put([known(anew)]);
  await deliverer.remove([gone(ada, moved.placed.get(ada.key_id))]);
  expect([...entries.values()]).toEqual(['sk-ada-another-secret']);
  expect((await delivererIn(keychain, entry('llm', '{user}')).remove([gone(anew)])).written).toEqual(['llm/ada']);
});

test('what was changed by hand is written again; what is no key and not remembered stays', async () => {
  const { entries, keychain } = makeKeychain();
  const { placed } = await delivererIn(keychain, LITELLM).put([known(ada)]);
  entries.set('litellm/lab-ada', 'by hand');
  const key = known(ada, placed.get(ada.key_id));
  expect((await delivererIn(keychain, LITELLM).stale([key], [])).put).toEqual(['litellm/lab-ada']);
  expect((await delivererIn(keychain, LITELLM).remove([gone(ada, placed.get(ada.key_id))])).written).toEqual([]);
  const stranger = await delivererIn(keychain, LITELLM).check([known(ada)]);
  expect(stranger.refusals.map(({ message }) => message)).toEqual([
    'litellm/lab-ada: The key store has an entry already that vkeys did not make: litellm/{key_alias}.',
  ]);
  await delivererIn(keychain, LITELLM).put([key]);
  expect(entries.get('litellm/lab-ada')).toBe('sk-ada-secret');
});

test('two keys are no entry, nor is a name that leads elsewhere', async () => {
  const { entries, keychain } = makeKeychain();
  const shared = await delivererIn(keychain, entry('litellm', 'all')).put([known(ada), known(bob)]);
  expect([...shared.failed.values()].map(({ message }) => message)).toEqual(
    Array.from({ length: 2 }, () => 'litellm/all: lab-ada and lab-bob would both be this entry of the key store.'),
  );
  const odd = handout('ada', { user: 'a/b', placeholders: { key_alias: 'lab-ada', user: 'a/b', set: 'lab' } });
  expect((await delivererIn(keychain, entry('litellm', '{user}')).put([known(odd)])).failed.size).toBe(1);
  expect(entries.size).toBe(0);
});

describe.each(['get', 'set', 'remove'] as const)('a store that is cut at %s', (step) => {
  test.each([true, false])('converges with the next run (done before: %j)', async (isDone) => {
    const { entries, keychain } = makeKeychain();
    const cut: Keychain = async (service, account) => {
      const real = await keychain(service, account);
      const broken = async (...args: [string]): Promise<never> => {
        if (isDone) await real[step](...args);
        throw new VkeysError('delivery', 'The store was closed.', 'Open it.');
      };
      return { ...real, [step]: broken };
    };
    const { failed } = await delivererIn(cut, LITELLM).put([known(ada)]);
    expect(failed.size).toBe(step === 'remove' ? 0 : 1);
    const { placed } = await delivererIn(keychain, LITELLM).put([known(ada)]);
    expect(entries.get('litellm/lab-ada')).toBe('sk-ada-secret');
    const left = [gone(ada, placed.get(ada.key_id))];
    const first = await delivererIn(cut, LITELLM).remove(left);
    expect(first.failed.size).toBe(step === 'set' ? 0 : 1);
    expect((await delivererIn(keychain, LITELLM).remove(left)).failed.size).toBe(0);
    expect(entries.size).toBe(0);
  });
});

test('a store that keeps something else is told', async () => {
  const { keychain } = makeKeychain();
  const forgetful: Keychain = async (...name) => ({ ...(await keychain(...name)), set: async () => undefined });
  const { failed } = await delivererIn(forgetful, LITELLM).put([known(ada)]);
  expect([...failed.values()].map(({ message }) => message)).toEqual(['The key store did not keep litellm/lab-ada.']);
});

describe('the library', () => {
  const nothing = Object.assign(new Error("Cannot find package '@napi-rs/keyring'"), { code: 'ERR_MODULE_NOT_FOUND' });

  test.each([
    [nothing, "The desktop's key store needs the package @napi-rs/keyring, which is not installed."],
    [new Error('wrong ELF class'), /@napi-rs\/keyring, which cannot be loaded: wrong ELF class\.$/],
  ])('that does not load is told: %s', async (problem, message) => {
    const load = async (): Promise<never> => {
      throw problem;
    };
    await expect(keychainEntry('s', 'a', load)).rejects.toMatchObject({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      hint: 'Install it beside vkeys: npm install -g @napi-rs/keyring',
    });
  });

  test('without a session is told', async () => {
    const found = await keychainEntry('vkeys-test', 'nobody', async () => libraryOf('no session bus'));
    await expect(found.get()).rejects.toThrow("The desktop's key store cannot be used: no session bus.");
  });

  function libraryOf(words: string): KeychainLibrary {
    const refuse = async (): Promise<never> => {
      throw new Error(words);
    };
    return {
      AsyncEntry: class {
        readonly getPassword = refuse;
        readonly setPassword = refuse;
        readonly deletePassword = refuse;
      },
    };
  }
});

const PROGRAMS = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
const hasSecretService = PROGRAMS.every((program) => spawnSync('which', [program]).status === 0);

/** A session with a Secret Service that nobody else has; its address, as programs find it. */
async function session(): Promise<string> {
  const home = await folder();
  const script = `printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && echo "$DBUS_SESSION_BUS_ADDRESS" && cat`;
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home };
  const running = spawn('dbus-run-session', ['--', 'sh', '-c', script], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(async () => {
    running.stdin.end();
    await once(running, 'exit');
  });
  for await (const line of createInterface({ input: running.stdout })) return line;
  throw new Error('no session');
}

test.skipIf(!hasSecretService)('the real Secret Service keeps the secret where programs look for it', async () => {
  const address = await session();
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', address);
  onTestFinished(() => void vi.unstubAllEnvs());
  const lookup = () =>
    spawnSync('secret-tool', ['lookup', 'service', 'litellm', 'username', 'lab-ada'], { encoding: 'utf8' }).stdout;
  const { placed, failed } = await delivererIn(keychainEntry, LITELLM).put([known(ada)]);
  expect([...failed.values()]).toEqual([]);
  expect(lookup()).toBe('sk-ada-secret');
  const places = placed.get(ada.key_id) ?? [];
  expect(await delivererIn(keychainEntry, LITELLM).stale([known(ada, places)], [])).toMatchObject({ put: [] });
  await delivererIn(keychainEntry).remove([gone(ada, places, false)]);
  expect(lookup()).toBe('');
});
