import type { Command } from '@commander-js/extra-typings';
import { findKept } from '../../run/kept-key.ts';
import type { Console } from '../console.ts';
import { serverUrl } from '../../litellm/http/url.ts';
import { assertNoFormat } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { KEY, selectorIn } from '../selectors.ts';

export const examples = ['vkeys token lab-user1', 'vkeys token lab-user1 --set lab'];

export function flags(command: Command) {
  return command
    .argument('<key>', KEY)
    .option('--set <name>', 'of this set')
    .option('--server <url>', 'of this server');
}

/** Prints the secret alone, and asks no server: for clients that run a program for their key. `cli/quick-token.ts` does the same sooner. */
export async function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  assertNoFormat(options);
  const selector = await selectorIn(console, options, word);
  const { entry } = await findKept(console, options, {
    selector,
    set: options.set,
    server: options.server === undefined ? undefined : serverUrl(options.server),
  });
  console.stdout.write(`${entry.secret.reveal()}\n`);
  return 0;
}
