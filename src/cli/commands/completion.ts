import { script } from '@bomb.sh/tab';
import { Argument, type Command } from '@commander-js/extra-typings';
import { BASH_COMPLETION } from '../bash-completion.ts';
import type { Console } from '../console.ts';
import { assertNoFormat } from '../output.ts';
import type { OptionsOf } from '../options.ts';

export const examples = [
  'source <(vkeys completion bash)',
  'vkeys completion fish > ~/.config/fish/completions/vkeys.fish',
];

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export function flags(command: Command) {
  return command.addArgument(new Argument('<shell>', 'your shell').choices(SHELLS));
}

/** Prints what a shell has to source. */
export function action(console: Console, shell: string, options: OptionsOf<typeof flags>): Promise<number> {
  assertNoFormat(options);
  if (shell === 'bash') console.stdout.write(BASH_COMPLETION);
  else script(shell, 'vkeys', 'vkeys');
  return Promise.resolve(0);
}
