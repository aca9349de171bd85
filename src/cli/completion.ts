import { Argument, type Command } from '@commander-js/extra-typings';
import type { World } from '../run/world.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `vkeys completion SHELL` for people, and the hidden `complete` that the shells then call. */
export function addCompletion(program: Command, world: World): void {
  program
    .command('completion')
    .description('print the completion script of a shell, aliases included')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText('after', '\nFor bash, in ~/.bashrc:  source <(vkeys completion bash)')
    .action(async (shell) => {
      const { printScript } = await import('./commands/completion.ts');
      printScript(shell);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (words) => {
      const { complete } = await import('./commands/completion.ts');
      await complete(world, words);
    });
}
