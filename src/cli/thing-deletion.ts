/** `team delete`, `user delete` and `budget delete`: one implementation, whatever the kind. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import { deleteThings } from '../run/delete-things.ts';
import { NoSuchThing } from '../run/select-thing.ts';
import { confirmDeletion } from './confirm-deletion.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exit.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';
import { formatAmong } from './output.ts';
import { printRun } from './report.ts';
import { CASCADE, MAX_DELETIONS, specOptions } from './spec-options.ts';

/** The flags of a kind's deletion. */
export function deleteThingFlags(command: Command, kind: ListedKind) {
  const named = command
    .argument(kind === 'budget' ? '<budget...>' : `[${kind}...]`, 'names or ids; "lab-*" for several')
    .option(...MAX_DELETIONS)
    .option('--ignore-missing', `succeed when a ${kind} that is named is not there`)
    .option(...CASCADE)
    .option('-y, --yes', 'do not ask');
  /* A budget has no mark that says whose it is. */
  if (kind !== 'budget') named.option('--set <name>', 'of this set; without names, all of it');
  return named;
}

type Options = Globals & {
  readonly maxDeletions?: string | undefined;
  readonly cascade?: true | undefined;
  readonly ignoreMissing?: true | undefined;
  readonly yes?: true | undefined;
  readonly set?: string | undefined;
};

/** Deletes what is named, whoever made it, and the question says whose it is. */
export async function removeThings(
  console: Console,
  kind: ListedKind,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const { set } = options;
  if (words.length === 0 && set === undefined) {
    throw new VkeysError('usage', 'Nothing to delete was named.', `Name it: vkeys ${kind} delete NAME`);
  }
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const context = contextOf(console, { ...options, ...specOptions(options) });
  const ended = await deleteThings(context, kind, { words, set }, ({ plans, missing }) =>
    confirmDeletion(console, options, { plans, missing: missing.map((name) => ({ kind, name })) }),
  );
  const isFine = ended.error instanceof NoSuchThing && options.ignoreMissing === true;
  const ran = isFine ? { ...ended, error: null } : ended;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}
