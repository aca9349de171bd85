import type { Command } from '@commander-js/extra-typings';
import { applyAndReport } from '../apply-specs.ts';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';
import { collect } from '../option-values.ts';
import { planAndShow } from '../plan-specs.ts';
import { fileFlags } from '../spec-options.ts';
import { filesOf, readSpecs } from '../specs.ts';

export const examples = [
  'vkeys adopt -f vkeys.yaml',
  "vkeys adopt -f vkeys.yaml --only 'lab-*' --yes",
  'vkeys adopt -f vkeys.yaml --dry-run',
];

export function flags(command: Command) {
  return fileFlags(command)
    .option('--only <glob>', 'only names that match, e.g. "lab-*", or "team/*" for a kind (repeatable)', collect)
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'show the plan and stop')
    .option('--exit-code', 'with --dry-run: exit 2 when there are changes');
}

/** Marks what is there under the names of the specs as theirs. Nothing is made, and no other field is changed. */
export async function action(
  console: Console,
  bare: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  const file = filesOf(bare, options, console);
  const { specs, notices } = await readSpecs(file, console, options);
  const read = { specs: specs.map((spec) => ({ ...spec, deliver: [] })), notices };
  const how = { adopt: true, marksOnly: true, recreate: true, keepsPlaces: true, modelCheck: false, many: 0 } as const;
  if (options.dryRun === true) return planAndShow(console, { ...options, ...how, file }, read);
  return applyAndReport(console, { ...options, ...how }, read);
}
