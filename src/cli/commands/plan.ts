import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';
import { fileFlags, specFlags } from '../spec-options.ts';
import { filesOf, readLawful } from '../specs.ts';
import { planAndShow } from '../plan-specs.ts';

export const examples = [
  'vkeys plan -f vkeys.yaml',
  'vkeys plan -f vkeys.yaml --sandbox',
  'vkeys plan -f vkeys.yaml -o markdown --exit-code > plan.md',
];

export function flags(command: Command) {
  return specFlags(fileFlags(command))
    .option('--out <file>', 'save the plan, without secrets: `vkeys apply --plan` does that or nothing')
    .option('--exit-code', 'exit 2 when there are changes');
}

/** Shows what apply would do. */
export async function action(
  console: Console,
  bare: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  const file = filesOf(bare, options, console);
  if (options.out !== undefined) (await import('../saved-plan.ts')).assertSavable(file);
  return planAndShow(console, { ...options, file }, await readLawful(file, console, options));
}
