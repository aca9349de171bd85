/** What the shells call, with the words of the line after `vkeys`, the last one being typed. */
import tab from '@bomb.sh/tab/commander';
import type { Command } from '@commander-js/extra-typings';
import type { Command as TabCommand } from 'commander';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';
import { makeProgram } from '../program.ts';

const WITH_ALIAS = ['get', 'update', 'delete'];
const TAKES_FILE = /^(-f|--file|--(.*-)?file|--keyring|--age-identity|--client-cert|--client-key)$/;
/** The directive that leaves the word to the shell, which completes files. */
const SHELLS_OWN = ':0\n';

export function flags(command: Command) {
  return command.argument('[words...]').allowUnknownOption().allowExcessArguments();
}

/** Answers with what can stand for the last of the words. */
export async function action(
  console: Console,
  words: readonly string[],
  _options: OptionsOf<typeof flags>,
): Promise<number> {
  if (TAKES_FILE.test(words.at(-2) ?? '')) {
    console.stdout.write(SHELLS_OWN);
    return 0;
  }
  const { program, load } = makeProgram({ code: 0, console }, () => undefined, false);
  await load(words);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the same class at run time, with other types
  const root = tab(program as unknown as TabCommand, { completionCommandName: 'completion' });
  const command = words.find((word) => WITH_ALIAS.includes(word));
  if (command !== undefined) {
    const { liveAliases } = await import('../aliases.ts');
    const aliases = await liveAliases(console);
    for (const argument of root.commands.get(command)?.arguments.values() ?? []) {
      argument.handler = (suggest) => {
        for (const alias of aliases) suggest(alias, '');
      };
    }
  }
  root.parse([...words]);
  return 0;
}
