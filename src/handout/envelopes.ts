/**
 * Closes all letters. What stands in the page of the last run and still says the same stays as it is, so that a page changes
 * only where an attendee's does; what has changed is closed under the same salt with a fresh nonce, and what has another code
 * under a fresh salt.
 */
import pMap from 'p-map';
import type { Secret } from '../base/secret.ts';
import {
  fromBase64,
  keyBytes,
  NONCE_BYTES,
  opened,
  padded,
  SALT_BYTES,
  sealed,
  toBase64,
  type Envelope,
  type Letter,
} from './envelope.ts';

/** A letter, and the code that is to open it. */
export type Addressed = { readonly seat: number; readonly code: Secret; readonly letter: Letter };

export type Closing = {
  readonly rounds: number;
  /** Of the page that is there, by seat. */
  readonly old: ReadonlyMap<number, Envelope>;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Its reason is thrown when it is aborted. */
  readonly stop: AbortSignal;
  /** So many are done. */
  readonly progress: (done: number) => void;
};

/** As many as WebCrypto works on side by side. */
const SIDE_BY_SIDE = 8;

export async function close(letters: readonly Addressed[], closing: Closing): Promise<readonly Envelope[]> {
  const texts = padded(letters.map(({ letter }) => letter));
  let done = 0;
  return pMap(
    letters,
    async (letter, index) => {
      closing.stop.throwIfAborted();
      const envelope = await closeOne(letter, texts[index] ?? '', closing);
      closing.progress((done += 1));
      return envelope;
    },
    { concurrency: SIDE_BY_SIDE },
  );
}

async function closeOne(
  { seat, code }: Addressed,
  text: string,
  { rounds, old, randomBytes }: Closing,
): Promise<Envelope> {
  const fresh = (count: number) => Uint8Array.from(randomBytes(count));
  const before = old.get(seat);
  const kept = before === undefined ? null : await reopen(before, code, rounds);
  if (before !== undefined && kept?.text === text) return before;
  const salt = kept?.salt ?? fresh(SALT_BYTES);
  const key = kept?.key ?? (await keyBytes(code.reveal(), { salt, rounds }));
  const nonce = fresh(NONCE_BYTES);
  return [seat, toBase64(salt), toBase64(nonce), await sealed(seat, text, key, nonce)];
}

/** `null`: it is not this code's. */
async function reopen(envelope: Envelope, code: Secret, rounds: number) {
  const salt = fromBase64(envelope[1]);
  const key = await keyBytes(code.reveal(), { salt, rounds });
  const text = await opened(envelope, key);
  return text === null ? null : { salt, key, text };
}
