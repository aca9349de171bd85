/** `team delete`, `user delete` and `budget delete`: one implementation, whatever the kind. */
import type { Command } from '@commander-js/extra-typings';
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
  return command
    .argument(`<${kind}...>`, 'names or ids; "lab-*" for several')
    .option(...MAX_DELETIONS)
    .option('--ignore-missing', `succeed when a ${kind} that is named is not there`)
    .option(...CASCADE)
    .option('-y, --yes', 'do not ask');
}

type Options = Globals & {
  readonly maxDeletions?: string | undefined;
  readonly cascade?: true | undefined;
  readonly ignoreMissing?: true | undefined;
  readonly yes?: true | undefined;
};

/** Deletes what is named, whoever made it, and the question says whose it is. */
export async function removeThings(
  console: Console,
  kind: ListedKind,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const context = contextOf(console, { ...options, ...specOptions(options) });
  const ended = await deleteThings(context, kind, words, ({ plans, missing }) =>
    confirmDeletion(console, options, { plans, missing: missing.map((name) => ({ kind, name })) }),
  );
  const isFine = ended.error instanceof NoSuchThing && options.ignoreMissing === true;
  const ran = isFine ? { ...ended, error: null } : ended;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}
