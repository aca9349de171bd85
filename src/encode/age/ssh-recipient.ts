/** Recipients with keys of SSH, as https://github.com/FiloSottile/age/tree/main/agessh has them; age-encryption knows none. */
import { Stanza, type Recipient } from 'age-encryption';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { SshKey } from './ssh-key.ts';

export function sshRecipient(key: SshKey): Recipient {
  const name = base64(sha256(key.wire).slice(0, 4));
  if (key.type === 'ssh-rsa') {
    return { wrapFileKey: async (fileKey) => [new Stanza([key.type, name], await encryptedRsa(fileKey, key))] };
  }
  return {
    wrapFileKey: (fileKey) => {
      const { share, wrapping } = agreed(key.wire, key.montgomery);
      const body = chacha20poly1305(wrapping, new Uint8Array(12)).encrypt(fileKey);
      return [new Stanza([key.type, name, base64(share)], body)];
    },
  };
}

const ED25519 = new TextEncoder().encode('age-encryption.org/v1/ssh-ed25519');
const RSA = new TextEncoder().encode('age-encryption.org/v1/ssh-rsa');

/** The tweak ties the secret to this very key of SSH, so that it is good for nothing else. */
function agreed(wire: Uint8Array, theirs: Uint8Array): { readonly share: Uint8Array; readonly wrapping: Uint8Array } {
  const ephemeral = x25519.utils.randomSecretKey();
  const share = x25519.getPublicKey(ephemeral);
  const tweak = hkdf(sha256, new Uint8Array(), wire, ED25519, 32);
  const secret = x25519.scalarMult(tweak, x25519.scalarMult(ephemeral, theirs));
  return { share, wrapping: hkdf(sha256, secret, new Uint8Array([...share, ...theirs]), ED25519, 32) };
}

async function encryptedRsa(fileKey: Uint8Array, { e, n }: SshKey & { readonly type: 'ssh-rsa' }): Promise<Uint8Array> {
  const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('jwk', { kty: 'RSA', e: url(e), n: url(n) }, algorithm, false, ['encrypt']);
  return new Uint8Array(await subtle.encrypt({ name: 'RSA-OAEP', label: RSA }, key, new Uint8Array(fileKey)));
}

/** As age writes it: without padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
