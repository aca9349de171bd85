/** Encryption of a journal's secrets, one by one, so that everything else in it stays readable, and its changes small. */
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { Line } from '../model/keyring.ts';
import { replay } from './journal.ts';
import { isCodeOf, type Sealed, type Stored } from './line.ts';

/** What encrypts and decrypts. All throw `config`: nobody to encrypt for, no identity, or another's. `ready`: whether `seal` could. */
export type Seal = {
  readonly ready: () => Promise<void>;
  seal(secret: Secret): Promise<string>;
  open(sealed: string): Promise<Secret>;
};

/** A line for each that was stored. `closed`: why a secret that is kept could not be read, by `key_id`, a code by its key's name; its `reveal` throws that. */
export type Opened = { readonly lines: readonly Line[]; readonly closed: ReadonlyMap<string, VkeysError> };

/** Decrypts those secrets that the lines still keep. */
export async function openLines(stored: readonly Stored[], seal: Seal | null): Promise<Opened> {
  const { entries, codes } = replay(stored.map((line) => ('sealed' in line ? shut(line, DROPPED) : line)));
  const closed = new Map<string, VkeysError>();
  const lines: Line[] = [];
  for (const line of stored) {
    if (!('sealed' in line)) lines.push(line);
    else if (!(line.op === 'mint' ? entries.has(line.key_id) : codes.has(line.name))) lines.push(shut(line, DROPPED));
    else {
      const opened = await openOne(line, seal);
      if (opened instanceof VkeysError) closed.set(line.op === 'mint' ? line.key_id : line.name, opened);
      lines.push(opened instanceof VkeysError ? shut(line, opened) : opened);
    }
  }
  return { lines, closed };
}

const DROPPED = new Error('a secret that was dropped is not decrypted');

function shut(line: Sealed, why: Error): Line {
  return withSecret(line, Secret.closed(line.op === 'mint' ? line.key_id : '', why));
}

function withSecret(line: Sealed, secret: Secret): Line {
  if (line.op === 'mint') return { op: line.op, key_id: line.key_id, name: line.name, secret, at: line.at };
  return { op: line.op, name: line.name, seat: line.seat, code: secret, at: line.at };
}

/** The secret that a line brings; `null`: none. */
export function secretIn(line: Line): Secret | null {
  if (line.op === 'mint') return line.secret;
  return line.op === 'code' ? line.code : null;
}

/** The line as it is stored where its secret is encrypted. */
export function sealedLine(line: Line, sealed: string): Stored {
  if (line.op === 'mint') return { op: line.op, key_id: line.key_id, name: line.name, sealed, at: line.at };
  return line.op === 'code' ? { op: line.op, name: line.name, seat: line.seat, sealed, at: line.at } : line;
}

async function openOne(line: Sealed, seal: Seal | null): Promise<Line | VkeysError> {
  try {
    if (seal === null) throw encrypted();
    const secret = await seal.open(line.sealed);
    const isOwn = line.op === 'mint' ? secret.hash() === line.key_id : isCodeOf(line.seat, secret.reveal());
    if (!isOwn) throw swapped(line.name);
    return withSecret(line, secret);
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
