import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { createThing, createThingFlags } from '../../thing-creation.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys budget create small --max-budget 5 --budget-duration 30d',
  'vkeys budget create small --max-budget 5 --if-absent',
];

export function flags(command: Command) {
  return createThingFlags(command.argument('<budget_id>', 'its name, which is its id'), 'budget');
}

/** Makes one budget. */
export function action(console: Console, name: string, options: OptionsOf<typeof flags>): Promise<number> {
  return createThing(console, 'budget', name, options);
}
