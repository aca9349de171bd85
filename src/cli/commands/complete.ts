/** What the shells call, with the words of the line after `vkeys`, the last one being typed. */
import tab from '@bomb.sh/tab/commander';
import type { Command } from '@commander-js/extra-typings';
import type { Command as TabCommand } from 'commander';
import type { Console } from '../console.ts';
import type { NamedKind } from '../known-names.ts';
import type { OptionsOf } from '../options.ts';
import { makeProgram } from '../program.ts';
import { SHELLS } from '../shells.ts';

/** Options whose values have names, and commands whose arguments have: of several words the last counts. */
const OPTIONS: Readonly<Record<string, NamedKind>> = {
  '--alias': 'alias',
  '--key': 'alias',
  '--set': 'set',
  '--models': 'model',
  '--model': 'model',
  '--small-model': 'model',
  '--with': 'user',
  '--accessible-to': 'user',
};
const COMMANDS: ReadonlyMap<string, NamedKind> = new Map([
  ['get', 'alias'],
  ['update', 'alias'],
  ['share', 'alias'],
  ['unshare', 'alias'],
  ['delete', 'alias'],
  ['forget', 'kept'],
  ['env', 'kept'],
  ['token', 'kept'],
  ['unlock', 'set'],
  ['team list', 'team'],
  ['team get', 'team'],
  ['team members', 'team'],
  ['team keys', 'team'],
  ['user list', 'user'],
  ['user get', 'user'],
  ['user keys', 'user'],
  ['budget list', 'budget'],
  ['budget get', 'budget'],
]);
const WITH_FILES = ['apply', 'plan', 'validate'];
const TAKES_FILE = /^(-f|--from|--(.*-)?file|--keyring|--age-identity|--client-cert|--client-key)$/;
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
  const [previous = '', last = ''] = words.slice(-2);
  const isBare = words.length > 1 && ![previous, last].some((word) => word.startsWith('-'));
  if (TAKES_FILE.test(previous) || (isBare && WITH_FILES.some((name) => words.includes(name)))) {
    console.stdout.write(SHELLS_OWN);
    return 0;
  }
  const { program, load } = makeProgram({ code: 0, console }, () => undefined, false);
  await load(words);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the same class at run time, with other types
  const root = tab(program as unknown as TabCommand, { completionCommandName: 'completion' });
  const [, option = words.at(-2) ?? '', typed = words.at(-1) ?? ''] =
    /^(--[^=]+)=(.*)$/s.exec(words.at(-1) ?? '') ?? [];
  const ofCommands = words
    .slice(0, -1)
    .map((word, at) => COMMANDS.get(`${words[at - 1] ?? ''} ${word}`) ?? COMMANDS.get(word));
  const ofOption = OPTIONS[option];
  const kind = ofOption ?? ofCommands.findLast((each) => each !== undefined);
  if (kind !== undefined) {
    const { knownNames } = await import('../known-names.ts');
    const names = await knownNames(console, kind);
    /* Models are a list: what is before the last comma stays. */
    const before = kind === 'model' ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
    const handler = (suggest: (value: string, description: string) => void): void => {
      for (const name of names) suggest(before + name, '');
    };
    for (const { options, arguments: given } of root.commands.values()) {
      const named = options.get(option.replace(/^--/, ''));
      if (ofOption === undefined) for (const argument of given.values()) argument.handler = handler;
      else if (named !== undefined) named.handler = handler;
    }
  }
  /* The library knows scripts of its own. */
  for (const argument of root.commands.get('completion')?.arguments.values() ?? []) {
    argument.handler = (suggest) => {
      for (const shell of SHELLS) suggest(shell, '');
    };
  }
  root.parse([...words]);
  return 0;
}
