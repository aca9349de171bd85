/** Encryption of a journal's secrets, one by one, so that everything else in it stays readable, and its changes small. */
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { Line } from '../model/keyring.ts';
import { replay } from './journal.ts';
import type { Sealed, Stored } from './line.ts';

/** What encrypts and decrypts. All throw `config`: nobody to encrypt for, no identity, or another's. `ready`: whether `seal` could. */
export type Seal = {
  readonly ready: () => Promise<void>;
  seal(secret: Secret): Promise<string>;
  open(sealed: string): Promise<Secret>;
};

/** `closed`: why a secret that is kept could not be read, by `key_id`; its `reveal` throws that. */
export type Opened = { readonly lines: readonly Line[]; readonly closed: ReadonlyMap<string, VkeysError> };

/** Decrypts those secrets that the lines still keep. */
export async function openLines(stored: readonly Stored[], seal: Seal | null): Promise<Opened> {
  const kept = replay(stored.map((line) => ('sealed' in line ? shut(line, DROPPED) : line))).entries;
  const closed = new Map<string, VkeysError>();
  const lines: Line[] = [];
  for (const line of stored) {
    if (!('sealed' in line)) lines.push(line);
    else if (!kept.has(line.key_id)) lines.push(shut(line, DROPPED));
    else {
      const opened = await openOne(line, seal);
      if (opened instanceof VkeysError) closed.set(line.key_id, opened);
      lines.push(opened instanceof VkeysError ? shut(line, opened) : opened);
    }
  }
  return { lines, closed };
}

const DROPPED = new Error('a secret that was dropped is not decrypted');

function shut({ op, key_id, name, at }: Sealed, why: Error): Line {
  return { op, key_id, name, secret: Secret.closed(key_id, why), at };
}

async function openOne({ op, key_id, name, sealed, at }: Sealed, seal: Seal | null): Promise<Line | VkeysError> {
  try {
    if (seal === null) throw encrypted();
    const secret = await seal.open(sealed);
    if (secret.hash() !== key_id) throw swapped(name);
    return { op, key_id, name, secret, at };
  } catch (error) {
    if (error instanceof VkeysError) return error;
    throw error;
  }
}

function encrypted(): VkeysError {
  return new VkeysError(
    'config',
    'The secrets of this keyring are encrypted with age.',
    'Give it as --keyring age:PATH, with VKEYS_AGE_IDENTITY=FILE to read them.',
  );
}

function swapped(name: string): VkeysError {
  return new VkeysError(
    'config',
    `What the keyring has for ${name} is the secret of another key.`,
    'Take the file from a backup; or forget that entry: vkeys keyring forget --help',
  );
}
