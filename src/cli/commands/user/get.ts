import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { getThing } from '../../get-thing.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys user get ada@example.com', 'vkeys user get ada@example.com -o yaml'];

export function flags(command: Command) {
  return command.argument('<user>', 'a user_id, or an address or alias that nobody else has');
}

/** Shows one user in full, with what it is in each team. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return getThing(console, 'user', word, options);
}
