import { Option, type Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { clientOption, withClient } from '../client-option.ts';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';
import { fileFlags, specFlags } from '../spec-options.ts';
import { filesOf, readLawful } from '../specs.ts';
import { applyAndReport } from '../apply-specs.ts';
import { planAndShow } from '../plan-specs.ts';

export const examples = [
  'vkeys apply -f vkeys.yaml',
  'vkeys apply -f vkeys.yaml --prune --yes',
  'vkeys apply -f vkeys.yaml --dry-run --exit-code',
];

/** What a saved plan says itself. */
const PLANNED = [
  'file',
  'recursive',
  'prune',
  'maxDeletions',
  'adopt',
  'recreate',
  'only',
  'scan',
  'rotate',
  'modelCheck',
  'deliver',
];
const DRY = ['dryRun', 'exitCode'];

export function flags(command: Command) {
  return specFlags(fileFlags(command))
    .addOption(
      new Option(
        '--plan <file>',
        'do what this plan of `vkeys plan --out` says, or nothing; it has been looked at, so deletions are not asked for',
      ).conflicts([...PLANNED, ...DRY]),
    )
    .option('-y, --yes', 'do not ask before deleting, or before making or changing more than 20 keys')
    .addOption(clientOption())
    .option('--dry-run', 'show the plan and stop')
    .option('--exit-code', 'with --dry-run: exit 2 when there are changes');
}

/** Makes the keys what the specs say. */
export async function action(
  console: Console,
  bare: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  const { plan } = options;
  if (plan !== undefined && bare.length > 0)
    throw new VkeysError('usage', 'A saved plan has its own files.', `Leave the files out: vkeys apply --plan ${plan}`);
  if (plan !== undefined) return applySaved(console, options, plan);
  const file = filesOf(bare, options, console);
  const read = await readLawful(file, console, options);
  if (options.dryRun === true) return planAndShow(console, { ...options, file }, read);
  return applyAndReport(console, withClient(options), read);
}

async function applySaved(console: Console, options: OptionsOf<typeof flags>, file: string): Promise<number> {
  const { assertStands, readSavedPlan } = await import('../saved-plan.ts');
  const saved = await readSavedPlan(console, file);
  const read = await readLawful(saved.files, console, { ...options, ...saved.flags });
  return applyAndReport(console, { ...withClient(options), ...saved.flags, yes: true }, read, (planned) =>
    assertStands(file, saved, planned),
  );
}
