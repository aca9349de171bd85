/** Deleting what is named, whoever made it, and the question says whose it is. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { absent } from '../../run/absent.ts';
import { deleteChosen } from '../../run/delete.ts';
import type { Choice } from '../../run/choice.ts';
import { NoSuchKey } from '../../run/select.ts';
import { choiceFlags, choiceIn, filterIn, isFiltered } from '../choice.ts';
import { approveDeletion } from '../confirm-deletion.ts';
import type { Console } from '../console.ts';
import { exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { CASCADE, MAX_DELETIONS, specOptions } from '../spec-options.ts';
import { readSpecs } from '../specs.ts';
import { planAndShow } from '../plan-specs.ts';
import { applyAndReport } from '../apply-specs.ts';
import { printRun } from '../report.ts';

export const examples = [
  'vkeys delete lab-user1 lab-user2',
  'vkeys delete -f vkeys.yaml --yes',
  "vkeys delete -f vkeys.yaml --only 'lab-*' --yes -o json > proof.json",
];

export function flags(command: Command) {
  return choiceFlags(command)
    .option(...MAX_DELETIONS)
    .option('--ignore-missing', 'succeed when a key that is named is not there')
    .option('--prune', 'with -f: also keys of the set that the spec does not mention')
    .option(...CASCADE)
    .option('--dry-run', 'show what would be deleted, and delete nothing')
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const { file, prune, cascade } = options;
  const isPart = words.length > 0 || isFiltered(filterIn(options));
  if (file !== undefined && !isPart) return removeSpecs(console, options, file);
  if (prune === true || cascade === true)
    throw new VkeysError(
      'usage',
      '--prune and --cascade are for -f alone, which deletes all of a spec.',
      'For keys whose aliases match: vkeys delete "lab-*"',
    );
  return removeChosen(console, await choiceIn(console, options, words), options);
}

/** All keys of the specs, as `state: absent` would. `--yes` is enough: the file names them. */
async function removeSpecs(console: Console, options: Options, files: readonly string[]): Promise<number> {
  const { specs, notices } = await readSpecs(files, console, options);
  const gone = absent(specs);
  const whole = { ...options, file: files, modelCheck: false, maxDeletions: '100%' };
  if (options.dryRun === true) return planAndShow(console, whole, { specs: gone, notices });
  return applyAndReport(console, whole, { specs: gone, notices });
}

async function removeChosen(console: Console, choice: Choice, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv']);
  const shown = { format: format === 'csv' ? 'table' : format, started: console.now() } as const;
  const context = contextOf(console, { ...options, ...specOptions(options) });
  const ended = await deleteChosen(context, choice, (doomed) => approveDeletion(console, options, doomed, shown));
  if (ended === null) return 0;
  const ran = ended.error instanceof NoSuchKey && options.ignoreMissing === true ? { ...ended, error: null } : ended;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}
