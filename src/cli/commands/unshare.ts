import type { Command } from '@commander-js/extra-typings';
import { unshareChosen } from '../../run/share.ts';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';
import { changeSharing, shareFlags } from '../share-key.ts';

export const examples = [
  'vkeys unshare lab-user1 --with grace@example.com',
  'vkeys unshare lab-user1 --with grace@example.com lab-a -o json',
];

export function flags(command: Command) {
  return shareFlags(command);
}

/** Notes that users and groups have a key no longer. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return changeSharing(console, word, options, unshareChosen);
}
