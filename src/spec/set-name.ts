/** Names for sets, made of other names. */

const LONGEST = 64;

/** The text with only the characters that a set's name may have. */
export function setName(text: string, longest = LONGEST): string {
  return text.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, longest);
}

/** None of them is easily taken for another. */
const CHARACTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A set's name that nobody else has: the folder's, and four of these characters, one for each random byte. */
export function newSet(folder: string, random: (count: number) => Uint8Array): string {
  const ending = Array.from(random(4), (byte) => CHARACTERS.charAt(byte % CHARACTERS.length)).join('');
  const name = setName(folder.normalize('NFC').replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''), LONGEST - 5);
  return `${name === '' ? 'keys' : name}-${ending}`;
}
