import { armor, Encrypter } from 'age-encryption';
import type { AgeRecipient } from './recipients.ts';

/** The text encrypted for all of these, so that each can read it alone. `isArmored`: as ASCII. */
export async function encryptFor(
  recipients: readonly AgeRecipient[],
  text: string,
  isArmored: boolean,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const { recipient } of recipients) encrypter.addRecipient(recipient);
  const file = await encrypter.encrypt(text);
  return isArmored ? new TextEncoder().encode(armor.encode(file)) : file;
}

/** Whether a file begins as one of age does, by its bytes or in ASCII. */
export function isEncrypted(text: string): boolean {
  return (
    text.startsWith('age-encryption.org/v1\n') || text.trimStart().startsWith('-----BEGIN AGE ENCRYPTED FILE-----')
  );
}
