/**
 * One attendee's letter, encrypted: AES-256-GCM, under a key that PBKDF2-SHA-256 makes of the attendee's code and a salt of
 * this envelope alone, so that a guess is worth one seat. The page opens what vkeys closed by the same functions: nothing
 * here is Node's, and `subtle` is WebCrypto's on both sides.
 */

/** Rounds of PBKDF2: a third of a second of one core. OWASP asks for 600,000. */
export const ROUNDS = 1_000_000;
export const SALT_BYTES = 16;
export const NONCE_BYTES = 12;
/** Letters are padded to a multiple of so many bytes, and to the longest of a page: lengths tell nothing. */
const STEP = 64;

/** What an attendee gets to see, in LiteLLM's names. `name`: only where names were asked for. */
export type Letter = {
  readonly name?: string;
  readonly key: string;
  /** The server's address, without `/v1`. */
  readonly api_endpoint: string;
  /** None: all that the server has. */
  readonly models: readonly string[];
  /** US dollars; absent: no limit of its own. */
  readonly max_budget?: number;
  readonly budget_duration?: string;
  /** RFC 3339; `null`: never. */
  readonly expires: string | null;
};

/** As the page has it; all but the seat in base64. */
export type Envelope = readonly [seat: number, salt: string, nonce: string, sealed: string];

type Bytes = Uint8Array<ArrayBuffer>;

/** What all codes of a page are derived with. */
type Derivation = { readonly salt: Bytes; readonly rounds: number };

/** 32 bytes of key for AES. */
export async function keyBytes(code: string, { salt, rounds }: Derivation): Promise<Bytes> {
  const { subtle } = crypto;
  const password = await subtle.importKey('raw', encode(code), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return new Uint8Array(await subtle.deriveBits(how, password, 256));
}

/** Closes a padded text. A key must never see one nonce twice. */
export async function sealed(seat: number, text: string, key: Bytes, nonce: Bytes): Promise<string> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return toBase64(new Uint8Array(await crypto.subtle.encrypt(gcm(seat, nonce), aes, encode(text))));
}

/** The padded text; `null`: the key is another's. */
export async function opened([seat, , nonce, text]: Envelope, key: Bytes): Promise<string | null> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  try {
    return decode(new Uint8Array(await crypto.subtle.decrypt(gcm(seat, fromBase64(nonce)), aes, fromBase64(text))));
  } catch {
    return null;
  }
}

function gcm(seat: number, iv: Bytes) {
  return { name: 'AES-GCM', iv, additionalData: about(seat) };
}

/** What an envelope is bound to: it opens at its own seat, in pages of this format. */
export function about(seat: number): Bytes {
  return encode(`vkeys handout 1, seat ${String(seat)}`);
}

/** The letters as JSON, each with blanks behind it, all of one length. */
export function padded(letters: readonly Letter[]): readonly string[] {
  const texts = letters.map((letter) => JSON.stringify(letter));
  const sizes = texts.map((text) => encode(text).length);
  const longest = Math.ceil(Math.max(0, ...sizes) / STEP) * STEP;
  return texts.map((text, index) => text + ' '.repeat(longest - (sizes[index] ?? 0)));
}

export function encode(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function decode(bytes: Bytes): string {
  return new TextDecoder().decode(bytes);
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
