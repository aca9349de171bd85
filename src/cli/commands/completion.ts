import { Argument, type Command } from '@commander-js/extra-typings';
import type { Console } from '../console.ts';
import { assertNoFormat } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { SCRIPTS, SHELLS, type Shell } from '../shells.ts';

export const examples = [
  'source <(vkeys completion bash)',
  'vkeys completion fish > ~/.config/fish/completions/vkeys.fish',
];

export function flags(command: Command) {
  return command.addArgument(new Argument('<shell>', 'your shell').choices(SHELLS));
}

/** Prints what a shell has to source. */
export function action(console: Console, shell: Shell, options: OptionsOf<typeof flags>): Promise<number> {
  assertNoFormat(options);
  console.stdout.write(SCRIPTS[shell]);
  return Promise.resolve(0);
}
