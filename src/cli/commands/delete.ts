/** Deleting what is named, whoever made it, and the question says whose it is. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { deleteChosen } from '../../run/delete.ts';
import { NoSuchKey, type Choice } from '../../run/select.ts';
import { confirmDeletion } from '../confirm-deletion.ts';
import type { Console } from '../console.ts';
import { exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { filterFlags, KEY, selectorsIn } from '../selectors.ts';
import { CASCADE, DEEP, FILES, MAX_DELETIONS, specOptions } from '../spec-options.ts';
import { collect } from '../option-values.ts';
import { readSpecs } from '../specs.ts';
import { applyAndReport } from '../apply-specs.ts';
import { printRun } from '../report.ts';

export const examples = [
  'vkeys delete lab-user1 lab-user2',
  'vkeys delete -f vkeys.yaml --yes',
  "vkeys delete -f vkeys.yaml --only 'lab-*' --yes -o json > proof.json",
];

export function flags(command: Command) {
  return filterFlags(command)
    .argument('[key...]', `${KEY}; "lab-*" for several`)
    .option(...MAX_DELETIONS)
    .option('--ignore-missing', 'succeed when a key that is named is not there')
    .option(...FILES)
    .option(...DEEP)
    .option('--prune', 'with -f: also keys of the set that the spec does not mention')
    .option(...CASCADE)
    .option('--only <glob>', 'with -f: only names that match, or "team/*" for a kind (repeatable)', collect)
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const { file, prune, cascade, only, set, user, team, status } = options;
  const isChosen = words.length > 0 || [set, user, team, status].some((each) => each !== undefined);
  if (file !== undefined && isChosen) {
    throw new VkeysError(
      'usage',
      'Either name keys or give -f, not both.',
      'For some keys of a file: -f FILE --only GLOB',
    );
  }
  if (file !== undefined) return removeSpecs(console, options, file);
  if (prune === true || cascade === true || only !== undefined)
    throw new VkeysError(
      'usage',
      '--prune, --cascade and --only are for -f.',
      'For keys whose aliases match: vkeys delete "lab-*"',
    );
  if (!isChosen) {
    throw new VkeysError(
      'usage',
      'Nothing to delete was named.',
      'Name keys, e.g. by alias, or give --set, --status or -f FILE.',
    );
  }
  const selectors = await selectorsIn(console, options, words);
  return removeChosen(console, { selectors, filter: { set, user, team, status } }, options);
}

/** All keys of the specs, as `state: absent` would. `--yes` is enough: the file names them. */
async function removeSpecs(console: Console, options: Options, files: readonly string[]): Promise<number> {
  const { specs, notices } = await readSpecs(files, console, options);
  const absent = specs.map((spec) => ({
    ...spec,
    state: 'absent' as const,
    desired: spec.desired.map((desired) => ({ ...desired, state: 'absent' as const })),
  }));
  return applyAndReport(console, { ...options, modelCheck: false, maxDeletions: '100%' }, { specs: absent, notices });
}

async function removeChosen(console: Console, choice: Choice, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv']);
  const context = contextOf(console, { ...options, ...specOptions(options) });
  const ended = await deleteChosen(context, choice, ({ plans, missing }) =>
    confirmDeletion(console, options, { plans, missing: missing.map((name) => ({ kind: 'key', name })) }),
  );
  const ran = ended.error instanceof NoSuchKey && options.ignoreMissing === true ? { ...ended, error: null } : ended;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}
