/** Who can decrypt: recipients of age, and public keys of SSH. Loads the library: whoever needs it imports it then. */
import { Encrypter, type Recipient } from 'age-encryption';
import { sshKeyIn } from './ssh-key.ts';
import { sshRecipient } from './ssh-recipient.ts';

/** `text`: without a comment, so that two of one are one. */
export type AgeRecipient = { readonly text: string; readonly isSsh: boolean; readonly recipient: string | Recipient };

/** Why a text is no recipient, as the end of a sentence that does not repeat it, and what to do. */
export type RecipientFault = { readonly why: string; readonly hint: string };

/** The recipients in a text: a line each, or with commas between them; `#` begins a remark. */
export function splitRecipients(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => (isPrivate(line) ? [line] : line.split(/[,;\s]+(?=age1|ssh-(?:ed25519|rsa)\s)/)))
    .map((each) => each.trim().replace(/[,;]$/, ''))
    .filter((each) => each !== '');
}

/** What nobody should have put there, and nobody is to see. */
export function isPrivate(text: string): boolean {
  return /AGE-SECRET-KEY-|PRIVATE KEY|AGE-PLUGIN-/i.test(text);
}

export function readRecipient(text: string): AgeRecipient | RecipientFault {
  if (isPrivate(text)) return PRIVATE;
  const [type = '', key = ''] = text.split(/\s+/);
  if (type.startsWith('age1') && key === '') {
    if (isKnown(type)) return { text: type, isSsh: false, recipient: type };
    return /^age1(?!(?:tag)?(?:pq)?1)\w+1/.test(type) ? PLUGIN : MISTYPED;
  }
  if (type !== 'ssh-ed25519' && type !== 'ssh-rsa') return /^(?:ecdsa-|sk-|ssh-)/.test(type) ? OTHER : NONE;
  const found = sshKeyIn(text);
  if (found === 'short') return SHORT;
  return found === null ? MISTYPED : { text: `${type} ${key}`, isSsh: true, recipient: sshRecipient(found) };
}

/** Of these recipients one that must not be beside the others: whoever broke the weaker ones would have the file. */
export function faultOfAll(recipients: readonly AgeRecipient[]): RecipientFault | null {
  const safe = recipients.filter(({ text }) => /^age1(?:tag)?pq1/.test(text));
  return safe.length === 0 || safe.length === recipients.length ? null : MIXED;
}

function isKnown(recipient: string): boolean {
  try {
    new Encrypter().addRecipient(recipient);
    return true;
  } catch {
    return false;
  }
}

const KINDS = 'A recipient is the age1… that age-keygen prints, or a public key of SSH: ssh-ed25519 … or ssh-rsa ….';
const PRIVATE = {
  why: 'is a private key, which nobody else may have',
  hint: 'Give the public one (age-keygen -y FILE, ssh-keygen -y -f FILE), and make a new pair: this one has been seen.',
};
const MISTYPED = { why: 'was cut or mistyped', hint: `Copy it again, whole. ${KINDS}` };
const PLUGIN = { why: 'is of a plugin of age, and vkeys runs none', hint: KINDS };
const OTHER = {
  why: 'is a key of SSH that age cannot encrypt for',
  hint: `Ask for another: ssh-keygen -t ed25519. ${KINDS}`,
};
const SHORT = { why: 'is a key of RSA with fewer than 2048 bits', hint: 'Ask for another: ssh-keygen -t ed25519.' };
const NONE = { why: 'is none', hint: KINDS };
const MIXED = {
  why: 'is beside recipients that a quantum computer could break',
  hint: 'Give age1pq… for all of a file, or for none.',
};
