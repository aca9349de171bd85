import { blockKeys } from '../block-keys.ts';
import { changeFlags, type ChangeOptions } from '../change-keys.ts';
import type { Console } from '../console.ts';

export const examples = ['vkeys unblock lab-user1', 'vkeys unblock --set lab --dry-run'];

export const flags = changeFlags;

/** Lets the keys be used again. */
export function action(console: Console, words: readonly string[], options: ChangeOptions): Promise<number> {
  return blockKeys(console, words, options, false);
}
