/** `share` and `unshare`: with whom one key is shared. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import type { Selector } from '../model/selector.ts';
import type { Context } from '../run/open.ts';
import type { RunOptions } from '../run/options.ts';
import type { Updated } from '../run/update.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exit.ts';
import { contextOf } from './listen.ts';
import { formatAmong } from './output.ts';
import type { OptionsOf } from './options.ts';
import { printRun } from './report.ts';
import { KEY, selectorIn } from './selectors.ts';
import { specOptions } from './spec-options.ts';

export function shareFlags(command: Command) {
  return command.argument('<key>', KEY).option('--with <name...>', 'user_ids, and names of groups');
}

type Change = (context: Context<RunOptions>, word: Selector, names: readonly string[]) => Promise<Updated>;

/** Changes with whom a key is shared, and nothing else. */
export async function changeSharing(
  console: Console,
  word: string,
  options: OptionsOf<typeof shareFlags>,
  change: Change,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const names = (options.with ?? []).map((name) => name.trim().normalize('NFC'));
  if (names.length === 0 || names.includes(''))
    throw new VkeysError('usage', 'With whom was not said.', 'Name users or groups: --with ada@example.com lab-a');
  const selector = await selectorIn(console, options, word);
  const ran = await change(contextOf(console, { ...options, ...specOptions({}) }), selector, names);
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}
