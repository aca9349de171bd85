import type { Command } from '@commander-js/extra-typings';
import type { Live } from '../../model/resource.ts';
import type { Choice } from '../../run/choice.ts';
import { deleteEnded } from '../../run/gc.ts';
import { choiceFlags, choiceIn, filterIn, isFiltered } from '../choice.ts';
import type { Console } from '../console.ts';
import { approveDeletion } from '../confirm-deletion.ts';
import { exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { duration } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';
import { formatAmong } from '../output.ts';
import { printRun } from '../report.ts';
import { MAX_DELETIONS, onlyThose, specOptions } from '../spec-options.ts';

export const examples = ['vkeys gc --dry-run', 'vkeys gc --expired-for 7d --yes -o json > proof.json'];

export function flags(command: Command) {
  return choiceFlags(command)
    .option('--expired-for <duration>', 'only those that ended so long ago, or longer, e.g. 7d', duration)
    .option(...MAX_DELETIONS)
    .option('--dry-run', 'show what would be deleted, and delete nothing')
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

/** Deletes keys that have ended, and retired ones whose grace is over: all that vkeys made, or those that are meant. */
export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { maxDeletions } = options;
  const context = contextOf(console, { ...options, ...specOptions({ maxDeletions }) });
  const choice = await endedChoice(console, words, options);
  const ran = await deleteEnded(context, choice, options.expiredFor ?? null, (doomed) =>
    approveDeletion(console, options, doomed, { format, started }),
  );
  if (ran === null) return 0;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

/** All keys where nothing is named; of files all that their sets have, also what retires. */
async function endedChoice(console: Console, words: readonly string[], options: Options): Promise<Choice> {
  const { file, only } = options;
  if (words.length === 0 && file === undefined && only === undefined && !isFiltered(filterIn(options)))
    return { selectors: [], filter: {}, specs: [] };
  const { written: _, ...choice } = await choiceIn(console, options, words);
  if (file === undefined) return choice;
  const sets = new Set(choice.specs.map(({ set }) => set));
  const isMeant = onlyThose(only);
  const also = ({ mark }: Live): boolean =>
    mark !== null && sets.has(mark.set) && isMeant({ kind: 'key', name: mark.name ?? '' });
  return { ...choice, isOpen: true, also };
}
