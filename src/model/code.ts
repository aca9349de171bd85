/**
 * Codes for people: `17-K7QW-M9XP-RT4H` is seat 17 and eleven random characters, 55 bits, in Crockford's alphabet, which has no
 * letter that looks like another. The last character is a check over all before it, the seat too: with the 32 characters as
 * the field GF(32), each place weighs a power of its generator, so that one wrong character and two that are swapped always
 * show. The page's script reads codes by the same functions, so nothing here is Node's.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Random characters of a code; behind them stands the check. */
const RANDOM = 11;
const GROUP = 4;
/** A seat has at most so many digits. */
const DIGITS = 6;

/** How many random bytes `makeCode` takes: one for each character, of which it uses five bits. */
export const CODE_BYTES = RANDOM;

/** A code as it is kept and printed. `seat` counts from 1. */
export type Code = { readonly seat: number; readonly text: string };

/** Why a text is no code. `character`: one that no code has. */
export type Misread =
  | { readonly is: 'short' }
  | { readonly is: 'long' }
  | { readonly is: 'mistyped' }
  | { readonly is: 'character'; readonly character: string };

/** A code of these random bytes. */
export function makeCode(seat: number, bytes: Uint8Array): Code {
  const random = Array.from(bytes.subarray(0, RANDOM), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  const check = ALPHABET.charAt(times2(sum(`${String(seat)}${random}`)));
  return { seat, text: written(seat, `${random}${check}`) };
}

/** Reads what somebody typed: small letters, blanks, dashes, and `I`, `L` and `O` for `1`, `1` and `0` are forgiven. */
export function readCode(typed: string): Code | Misread {
  const bare = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}\p{Cf}._]/gu, '');
  const text = bare.replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  const character = Array.from(text).find((each) => !ALPHABET.includes(each));
  if (character !== undefined) return { is: 'character', character };
  const [digits, rest] = [text.slice(0, -RANDOM - 1).replace(/^0+/, ''), text.slice(-RANDOM - 1)];
  if (digits === '') return { is: 'short' };
  if (digits.length > DIGITS || /\D/.test(digits)) return { is: 'long' };
  return sum(text) === 0 ? { seat: Number(digits), text: written(Number(digits), rest) } : { is: 'mistyped' };
}

/** Whether what was read is a code. */
export function isCode(read: Code | Misread): read is Code {
  return 'text' in read;
}

function written(seat: number, rest: string): string {
  return [String(seat), ...(rest.match(new RegExp(`.{${String(GROUP)}}`, 'g')) ?? [])].join('-');
}

/** The weighed sum of all characters, the last of which weighs 1: 0 for a whole code. */
function sum(text: string): number {
  return Array.from(text).reduce((so, character) => times2(so) ^ ALPHABET.indexOf(character), 0);
}

/** Twice an element of GF(32), modulo x⁵ + x² + 1: 2 generates all others. */
function times2(element: number): number {
  return (element << 1) ^ (element > 15 ? 0b10_0101 : 0);
}
