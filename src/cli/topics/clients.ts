import { CLIENTS } from '../../encode/clients.ts';
import { cases, heading, shell, table, text, type Block } from '../../view/page.ts';

/** The client names a file, and the tilde is the home of whoever uses it. */
export function blocks(): readonly Block[] {
  return [
    text(
      'A client needs a key, an address and mostly a model, each under a name of its own. `vkeys env` takes the key from the keyring, asks',
      'no server, and prints them; `--write` puts them where the client looks for them.',
    ),
    shell(
      'vkeys create me --models gpt-4o-mini > key.txt',
      'vkeys env me --for aider',
      'vkeys env me --for openai --shell fish',
      'vkeys env me --for claude-code --model gpt-4o-mini --write --dry-run',
      'vkeys env --key-stdin --for openai --check < key.txt',
      'vkeys run --for openai --max-budget 1 -- true # a key of its own, for as long as the command runs',
    ),
    heading('The clients'),
    table(
      ['client', 'variables'],
      Object.entries(CLIENTS).map(([name, { variables }]) => [name, Object.keys(variables).join(', ')]),
    ),
    heading('Their files'),
    table(
      ['client', 'files that --write changes'],
      Object.entries(CLIENTS).flatMap(([name, { settings, secrets }]) => {
        const files = [settings, secrets].flatMap((file) => (file === undefined ? [] : [placeText(file)]));
        return files.length === 0 ? [] : [[name, files.join('; ')]];
      }),
    ),
    text(
      'Only what vkeys writes is changed: comments, order and everything else stay. The file gets mode 0600, and the one that you had is kept beside it,',
      'as FILE.vkeys-old. A file that does not parse is refused with its line and column. Twice changes nothing. Afterwards the key is tried',
      'with a request that costs nothing, and exit code 5 says that it does not work; `--no-check` leaves that out.',
    ),
    heading('Without a key in any file'),
    text(
      'A client that asks a program has the key anew whenever it needs it: a key that is replaced changes no file. `--helper` makes',
      `${asking()} run \`vkeys token KEY\`, which prints the secret alone. vkeys has to be in their PATH.`,
    ),
    shell('vkeys create bot', 'vkeys token bot', 'vkeys env bot --for codex --model gpt-4o-mini --helper'),
    heading('Where this is from'),
    cases(
      ['client', 'source'],
      Object.entries(CLIENTS).map(([name, { source }]) => [name, source]),
    ),
    text(
      'All was looked up in 2026-11. Clients change: where one reads something else by now, what it says itself counts.',
    ),
  ];
}

function placeText({
  path,
  moved = [],
}: {
  readonly path: string;
  readonly moved?: readonly { readonly by: string }[];
}): string {
  return moved.length === 0 ? path : `${path} (${moved.map(({ by }) => by).join(', ')})`;
}

function asking(): string {
  return Object.entries(CLIENTS)
    .flatMap(([name, facts]) => (facts.asking === undefined ? [] : [name]))
    .join(' and ');
}
