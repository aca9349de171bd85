/**
 * The same arithmetic without WebCrypto, which browsers keep from pages that came over plain http. It is done in short
 * pieces, so that the page stays alive and can say how far it is.
 */
import { gcm } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { about, decode, encode, fromBase64, type Envelope } from '../handout/envelope.ts';

/** Milliseconds of a piece: a frame or two. */
const PIECE = 24;
/** Between two looks at the clock. */
const ROUNDS_AT_ONCE = 500;

/** PBKDF2-SHA-256, its one block of 32 bytes. `progress`: from 0 to 1. */
export async function slowKey(
  code: string,
  salt: Uint8Array,
  rounds: number,
  progress: (part: number) => void,
): Promise<Uint8Array> {
  const keyed = hmac.create(sha256, encode(code));
  const working = keyed.clone();
  const last = new Uint8Array(32);
  keyed
    .clone()
    .update(salt)
    .update(Uint8Array.of(0, 0, 0, 1))
    .digestInto(last);
  const sum = last.slice();
  let since = performance.now();
  for (let done = 1; done < rounds; done += 1) {
    keyed._cloneInto(working);
    working.update(last).digestInto(last);
    for (let at = 0; at < 32; at += 1) sum[at] = (sum[at] ?? 0) ^ (last[at] ?? 0);
    if (done % ROUNDS_AT_ONCE !== 0 || performance.now() - since < PIECE) continue;
    progress(done / rounds);
    await pause();
    since = performance.now();
  }
  return sum;
}

/** `null`: the key is another's. */
export function slowlyOpened([seat, , nonce, text]: Envelope, key: Uint8Array): string | null {
  try {
    return decode(Uint8Array.from(gcm(key, fromBase64(nonce), about(seat)).decrypt(fromBase64(text))));
  } catch {
    return null;
  }
}

/** Timers that are nested wait 4 ms each, messages do not. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
