import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Part } from './sink.ts';

/** Of a file that is one key's alone. Throws `delivery` where two want to be it. */
export function onlyPart(parts: readonly Part[]): Part {
  const [one, other] = parts;
  if (one === undefined) throw new Error('a part for each spot');
  if (other === undefined) return one;
  throw new VkeysError(
    'delivery',
    `${oneLine(one.key.key_alias)} and ${oneLine(other.key.key_alias)} would both be this file.`,
    'Put {key_alias} in the path.',
  );
}
