import { blockKeys } from '../block-keys.ts';
import { changeFlags, type ChangeOptions } from '../change-keys.ts';
import type { Console } from '../console.ts';

export const examples = ['vkeys block lab-user1', 'vkeys block --set lab --dry-run'];

export const flags = changeFlags;

/** Refuses every call with the keys, until they are unblocked. */
export function action(console: Console, words: readonly string[], options: ChangeOptions): Promise<number> {
  return blockKeys(console, words, options, true);
}
