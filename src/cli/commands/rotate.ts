import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { durationHint, spanOf } from '../../base/duration.ts';
import { VkeysError } from '../../base/errors.ts';
import type { RotationTerms } from '../../model/rotation.ts';
import { passes } from '../../model/selector.ts';
import { rotateChosen } from '../../run/rotate.ts';
import { planText } from '../../view/plan.ts';
import { countKinds } from '../../view/value.ts';
import { applyAndReport } from '../apply-specs.ts';
import { bothNamed, choiceFlags, choiceIn, filterIn } from '../choice.ts';
import type { Console } from '../console.ts';
import { exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { collect } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';
import { formatAmong, printsKeys } from '../output.ts';
import { planAndShow } from '../plan-specs.ts';
import { agree, isAttended } from '../prompt.ts';
import { printRun } from '../report.ts';
import { showPlans } from '../show-plans.ts';
import { DELIVER, specOptions } from '../spec-options.ts';
import { readLawful } from '../specs.ts';
import { waitForPlaces } from '../wait-for-places.ts';

export const examples = [
  'vkeys rotate -f vkeys.yaml --older-than 60d --grace 2h',
  'vkeys rotate -f vkeys.yaml --only lab-user1 --leaked',
  'vkeys rotate theirs --keep-spend',
];

export function flags(command: Command) {
  return choiceFlags(command)
    .option(
      '--grace <duration>',
      'how long the old secret goes on to work, counted from the last delivery; 0 deletes it at once',
      graceIn,
    )
    .addOption(
      new Option(
        '--grace-from <what>',
        'from when it counts: the last delivery, or the first use of the new secret that a run on the set sees',
      ).choices(['delivery', 'use']),
    )
    .option('--keep-spend', 'the new key goes on with what the old one spent')
    .option('--leaked', 'others have the secret: block it first, and delete it at the end')
    .option(...DELIVER, collect)
    .option('--wait', 'with -f: until every place says that it has the new secret')
    .option('--dry-run', 'show what would be rotated, and change nothing')
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

/** Rotations of more keys than so many are asked about, where somebody is there to ask. */
const MANY = 20;

/** Gives keys new secrets under their old names. */
export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const { file, grace, leaked, wait, deliver } = options;
  if (leaked === true && grace !== undefined)
    throw new VkeysError('usage', 'A leaked secret has no grace.', 'Leave --grace out, or --leaked.');
  const terms = {
    ...(grace === undefined ? {} : { grace }),
    ...(options.keepSpend === true ? { keepsSpend: true } : {}),
    ...(leaked === true ? { isLeaked: true } : {}),
    ...(options.graceFrom === 'use' ? { isFromUse: true } : {}),
  };
  if (file !== undefined) return rotateSpecs(console, words, { ...options, file }, terms);
  if (wait === true || deliver !== undefined)
    throw new VkeysError('usage', '--wait and --deliver are for -f.', 'The places of keys are in their specs: -f FILE');
  return rotateNamed(console, words, options, terms);
}

/** Keys of specs, with their deliveries. Nothing else of the specs is applied. */
async function rotateSpecs(
  console: Console,
  words: readonly string[],
  options: Options & { readonly file: readonly string[] },
  terms: Partial<RotationTerms>,
): Promise<number> {
  if (words.length > 0) throw bothNamed();
  const filter = filterIn(options);
  const which = (live: Parameters<typeof passes>[1]): boolean => passes(filter, live, console.now());
  const { user: _user, set: _set, team: _team, ...rest } = options;
  const asked = { ...rest, modelCheck: false, rotation: { which, terms }, rotatesOnly: true };
  const read = await readLawful(options.file, console, options);
  if (options.dryRun === true) return planAndShow(console, asked, read);
  const code = await applyAndReport(console, asked, read);
  return code === 0 && options.wait === true ? waitForPlaces(console, options, read.specs) : code;
}

async function rotateNamed(
  console: Console,
  words: readonly string[],
  options: Options,
  terms: Partial<RotationTerms>,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const choice = await choiceIn(console, options, words);
  const context = contextOf(console, { ...options, ...specOptions({}), printsKeys: printsKeys(format, options) });
  const started = console.now();
  const ran = await rotateChosen(context, choice, terms, async (planned) => {
    if (options.dryRun === true) {
      await showPlans(console, options, planned, { format, started });
      return false;
    }
    const rotated = planned.plans.flatMap(({ changes }) => changes.map(({ ref }) => ref));
    const isMuch = rotated.length > MANY && options.sandbox !== true && isAttended(console);
    if (options.yes === true || !isMuch) return true;
    for (const plan of planned.plans) console.stderr.write(planText(plan, lookOf(console, console.stderr, options)));
    await agree(console, `${countKinds(rotated)} will get new secrets.`);
    return true;
  });
  if (ran === null) return 0;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

/** Milliseconds. */
function graceIn(text: string): number {
  const span = spanOf(text);
  if (span === null) throw new InvalidArgumentError(durationHint(text));
  return span;
}
