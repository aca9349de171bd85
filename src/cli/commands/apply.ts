import type { Command } from '@commander-js/extra-typings';
import { clientOption, withClient } from '../client-option.ts';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';
import { specFlags } from '../spec-options.ts';
import { readSpecs } from '../specs.ts';
import { applyAndReport } from '../apply-specs.ts';
import { planAndShow } from '../plan-specs.ts';

export const examples = [
  'vkeys apply -f vkeys.yaml',
  'vkeys apply -f vkeys.yaml --prune --yes',
  'vkeys apply -f vkeys.yaml --dry-run --exit-code',
];

export function flags(command: Command) {
  return specFlags(command)
    .option('-y, --yes', 'do not ask before deleting, or before making or changing more than 20 keys')
    .addOption(clientOption())
    .option('--dry-run', 'show the plan and stop')
    .option('--exit-code', 'with --dry-run: exit 2 when there are changes');
}

/** Makes the keys what the specs say. */
export async function action(console: Console, options: OptionsOf<typeof flags>): Promise<number> {
  const specs = await readSpecs(options.file, console, options);
  if (options.dryRun === true) {
    return planAndShow(console, options, specs);
  }
  return applyAndReport(console, withClient(options), specs);
}
