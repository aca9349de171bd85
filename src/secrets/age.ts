/** Secrets encrypted with age (https://age-encryption.org/v1), so that a team can keep its keyring in Git or a bucket. */
import type { Decrypter, Encrypter } from 'age-encryption';
import { VkeysError } from '../base/errors.ts';
import type { AgeRecipient, RecipientFault } from '../encode/age/recipients.ts';
import { Secret } from '../base/secret.ts';
import type { Seal } from './seal.ts';

export type AgePorts = {
  /** `age1…`, each. Whoever has the identity can read without being named. */
  readonly recipients: readonly string[];
  /** What stands in the identity's file, asked for once; `null`: none was given. Throws `config`. */
  readonly identity: () => Promise<string | null>;
};

/** A seal for the recipients, or for the identity itself where there are none. The library is loaded when it is needed. */
export function ageSeal(ports: AgePorts): Seal {
  const library = once(() => import('age-encryption'));
  const identities = once(async () => identitiesIn(await ports.identity()));
  const encrypter = once(async () => {
    const { Encrypter: Maker, identityToRecipient } = await library();
    const given = ports.recipients.length > 0 ? [] : await identities();
    const own = await Promise.all(given.map(identityToRecipient)).catch(refuseIdentity);
    const { readRecipient } = await import('../encode/age/recipients.ts');
    return encrypterFor(new Maker(), [...ports.recipients, ...own], readRecipient);
  });
  const decrypter = once(async () => {
    const { Decrypter: Maker } = await library();
    return decrypterWith(new Maker(), await identities());
  });
  return {
    ready: async () => void (await encrypter()),
    seal: async (secret) => Buffer.from(await (await encrypter()).encrypt(secret.reveal())).toString('base64'),
    open: async (sealed) => {
      const opener = await decrypter();
      try {
        return new Secret(await opener.decrypt(Buffer.from(sealed, 'base64'), 'text'));
      } catch (cause) {
        throw new VkeysError(
          'config',
          'A secret in this keyring is not encrypted for the identity that was given, or is damaged.',
          'Give the file of another identity in VKEYS_AGE_IDENTITY, or ask a member of the team to forget and import it.',
          { cause },
        );
      }
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

/** Lines of an identity file; `#` begins a remark. */
function identitiesIn(text: string | null): readonly string[] {
  const lines = (text ?? '').split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

function encrypterFor(
  encrypter: Encrypter,
  recipients: readonly string[],
  readRecipient: (text: string) => AgeRecipient | RecipientFault,
): Encrypter {
  if (recipients.length === 0) {
    throw new VkeysError(
      'config',
      'Nobody is named who could read an encrypted keyring.',
      'Set VKEYS_AGE_RECIPIENTS="age1… age1…", or VKEYS_AGE_IDENTITY to the file of your identity (age-keygen makes one).',
    );
  }
  for (const [index, text] of recipients.entries()) {
    const read = readRecipient(text);
    if ('why' in read) throw refused(index, read.why);
    if (read.isSsh) throw refused(index, 'is a key of SSH, which opens no keyring');
    encrypter.addRecipient(read.recipient);
  }
  return encrypter;
}

function refused(index: number, why: string): VkeysError {
  return new VkeysError(
    'config',
    `Recipient ${String(index + 1)} of the keyring ${why}.`,
    'A recipient begins with age1 and is printed by age-keygen; keys of SSH and plugins are not supported.',
  );
}

function decrypterWith(decrypter: Decrypter, identities: readonly string[]): Decrypter {
  if (identities.length === 0) {
    throw new VkeysError(
      'config',
      'The secrets of this keyring are encrypted, and no identity was given to read them.',
      'Set VKEYS_AGE_IDENTITY to the file of your identity: the one with the line AGE-SECRET-KEY-1….',
    );
  }
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      refuseIdentity();
    }
  }
  return decrypter;
}

/** Without its cause, which may quote the identity. */
function refuseIdentity(): never {
  throw new VkeysError(
    'config',
    'The file of VKEYS_AGE_IDENTITY has a line that is no identity of age.',
    'Give the file that age-keygen wrote; one with a passphrase is decrypted first: age -d FILE',
  );
}
