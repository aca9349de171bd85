import tab from '@bomb.sh/tab/commander';
import type { Command as TabCommand } from 'commander';
import { script } from '@bomb.sh/tab';
import { listKeys } from '../../litellm/client.ts';
import type { Globals } from '../globals.ts';
import { makeProgram } from '../program.ts';
import { withSessions } from '../session.ts';
import type { World } from '../world.ts';

const WITH_ALIAS = ['get', 'update', 'delete'];
/** Nobody waits longer for a suggestion, in milliseconds. */
const PATIENCE = 2000;

/** What no shell expands and no terminal obeys: bash evaluates the words that it is offered, and an alias may be anybody's. */
const HARMLESS = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

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
    const aliases = await liveAliases(world);
    for (const argument of root.commands.get(command)?.arguments.values() ?? []) {
      argument.handler = (suggest) => {
        for (const alias of aliases) suggest(alias, '');
      };
    }
  }
  root.parse([...words]);
}

/** A completion must never fail or say anything: without a server there are no aliases. */
async function liveAliases(world: World): Promise<readonly string[]> {
  const globals: Globals = {
    timeout: PATIENCE,
    deadline: PATIENCE,
    concurrency: 4,
    header: {},
    secrets: false,
    color: false,
    quiet: true,
  };
  try {
    return await withSessions(world, globals, async (sessions) => {
      const { connection } = await sessions.open(null);
      const { keys } = await listKeys(connection);
      return keys.flatMap(({ key_alias }) => (key_alias !== null && HARMLESS.test(key_alias) ? [key_alias] : []));
    });
  } catch {
    return [];
  }
}
