/**
 * The desktop's key store: macOS' Keychain, Windows' Credential Manager, the Secret Service of a Linux desktop. The library is
 * the user's to install, as it is a program for each platform. Without the Secret Service it would take the kernel's keyring,
 * which is gone with the session, so that one is asked for by name.
 */
import type { AsyncEntry } from '@napi-rs/keyring';
import { VkeysError } from '../base/errors.ts';
import { redact } from '../base/secret.ts';
import { isErrno } from '../base/files.ts';
import { oneLine } from '../encode/terminal.ts';
import type { KeychainEntry } from './sink.ts';

/** Somebody may have to unlock it: milliseconds. */
const PATIENCE = 60_000;

type Entry = Pick<AsyncEntry, 'getPassword' | 'setPassword' | 'deletePassword'>;
/** Of the library, what is asked. */
export type KeychainLibrary = {
  readonly AsyncEntry: new (...args: ConstructorParameters<typeof AsyncEntry>) => Entry;
};

export async function keychainEntry(
  service: string,
  account: string,
  load: () => Promise<KeychainLibrary> = () => import('@napi-rs/keyring'),
): Promise<KeychainEntry> {
  const library = await loaded(load);
  const asked = <T>(ask: (entry: Entry) => Promise<T>): Promise<T> =>
    answered(() => ask(new library.AsyncEntry(service, account, { linux: { store: 'secret-service' } })));
  return {
    get: () => asked((entry) => entry.getPassword()),
    set: (password) => asked((entry) => entry.setPassword(password)),
    remove: () => asked((entry) => entry.deletePassword()),
  };
}

async function loaded(load: () => Promise<KeychainLibrary>): Promise<KeychainLibrary> {
  try {
    return await load();
  } catch (error) {
    const isMissing = isErrno(error, 'ERR_MODULE_NOT_FOUND');
    const why = isMissing ? 'is not installed' : `cannot be loaded: ${reasonOf(error)}`;
    throw new VkeysError(
      'delivery',
      `The desktop's key store needs the package @napi-rs/keyring, which ${why}.`,
      'Install it beside vkeys: npm install -g @napi-rs/keyring',
    );
  }
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`it did not answer within ${String(PATIENCE / 1000)} s`)));
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw new VkeysError(
      'delivery',
      `The desktop's key store cannot be used: ${reasonOf(error)}.`,
      'Unlock it, or run vkeys in a session that has one: GNOME Keyring, KWallet or KeePassXC on Linux. On a server deliver to a file.',
    );
  }
}

function reasonOf(error: unknown): string {
  return oneLine(redact(error instanceof Error ? error.message : String(error))).replace(/\.$/, '');
}
