/** The keys that a command line names, for every command that takes some. */
import { Option, type Command, type OptionValues } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { STATUSES } from '../model/status.ts';
import { selectorOf, type Selector } from '../model/selector.ts';
import type { Console } from './console.ts';
import type { Globals } from './options.ts';
import { duration } from './option-values.ts';
import { say } from './say.ts';

/** What a word may be, in the help of a command. */
export const KEY = 'an alias, a hash or its beginning, sk-...wXyZ, or - for a key on standard input';

/** The flags that narrow keys down. */
export function filterFlags(command: Command) {
  return ownerFlags(ownFlags(command));
}

/** Of them those that are about the key itself. */
export function ownFlags(command: Command) {
  return command
    .option('--set <name>', 'of this set')
    .addOption(new Option('--status <status>', 'in this state').choices(STATUSES))
    .option('--older-than <duration>', 'made so long ago, or longer, e.g. 60d', duration);
}

/** Those that are about whose it is. */
export function ownerFlags<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command.option('--user <user_id>', 'of this user').option('--team <team_id>', 'of this team');
}

/**
 * What each word names; `-` stands for the lines of standard input, or for a key that is typed unseen. Says that a key does not
 * belong on a command line. Throws `usage`.
 */
export async function selectorsIn(
  console: Console,
  options: Globals,
  words: readonly string[],
): Promise<readonly Selector[]> {
  const given = words.filter((word) => word !== '-').map(selectorOf);
  if (given.some(({ is }) => is === 'secret')) {
    const text =
      'a key on the command line stays in the history of the shell, and everybody on this machine can see it';
    say(console, options, `warning: ${text}: give it on standard input, with - in its place.`);
  }
  return words.includes('-') ? [...given, ...(await readSelectors(console, options))] : given;
}

/** For a command that takes one key. Throws `usage` for more. */
export async function selectorIn(console: Console, options: Globals, word: string): Promise<Selector> {
  const [first, ...others] = await selectorsIn(console, options, [word]);
  if (first !== undefined && others.length === 0) return first;
  throw new VkeysError('usage', 'There are several keys on standard input.', 'This command takes one: give it alone.');
}

async function readSelectors({ stdin, askSecret }: Console, { masterKeyStdin }: Globals): Promise<readonly Selector[]> {
  if (masterKeyStdin === true) {
    throw new VkeysError(
      'usage',
      'Both - and --master-key-stdin read standard input.',
      'Give the master key in another way, e.g. --master-key-file PATH',
    );
  }
  const text = stdin.isTTY ? await askSecret('The key: ') : await stdin.read();
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  if (lines.length > 0) return lines.map(selectorOf);
  throw new VkeysError(
    'usage',
    'There is nothing on standard input.',
    'Give one key on each line, e.g. pbpaste | vkeys get -',
  );
}
