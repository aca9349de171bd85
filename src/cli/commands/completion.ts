import tab from '@bomb.sh/tab/commander';
import type { Command as TabCommand } from 'commander';
import { script } from '@bomb.sh/tab';
import { makeProgram } from '../program.ts';
import type { World } from '../../run/world.ts';

const WITH_ALIAS = ['get', 'update', 'delete'];
const TAKES_FILE = /^(-f|--file|--(.*-)?file|--keyring|--client-cert|--client-key)$/;
/** The directive that leaves the word to the shell, which completes files. */
const SHELLS_OWN = ':0\n';

/** Prints what a shell has to source. */
export function printScript(shell: string): void {
  script(shell, 'vkeys', 'vkeys');
}

/** Answers a shell: `words` are those of the line after `vkeys`, the last one being typed. */
export async function complete(world: World, words: readonly string[]): Promise<void> {
  if (TAKES_FILE.test(words.at(-2) ?? '')) {
    world.stdout.write(SHELLS_OWN);
    return;
  }
  const program = makeProgram(world, () => undefined);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the same class at run time, with other types
  const root = tab(program as unknown as TabCommand, { completionCommandName: 'completion' });
  const command = words.find((word) => WITH_ALIAS.includes(word));
  if (command !== undefined) {
    const { liveAliases } = await import('../aliases.ts');
    const aliases = await liveAliases(world);
    for (const argument of root.commands.get(command)?.arguments.values() ?? []) {
      argument.handler = (suggest) => {
        for (const alias of aliases) suggest(alias, '');
      };
    }
  }
  root.parse([...words]);
}
