import { Option, type Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { clientValues, helperLine } from '../../encode/client-values.ts';
import { CLIENTS } from '../../encode/clients.ts';
import { filledVariables } from '../../encode/filled.ts';
import { EXPORTING, variablesText } from '../../encode/shell.ts';
import { apiBaseUrl, serverUrl } from '../../litellm/http/url.ts';
import { clientKey, type KeySource } from '../../run/client-key.ts';
import { askingText, hints, wantsText } from '../../view/client.ts';
import { CLIENT_NAMES } from '../client-option.ts';
import type { Console } from '../console.ts';
import { assertFitting, worksAt, writeFiles, type ClientFlags } from '../client-files.ts';
import { keyOnStdin } from '../key-on-stdin.ts';
import { contextOf } from '../listen.ts';
import { assertNoFormat } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { say } from '../say.ts';
import { KEY, selectorIn } from '../selectors.ts';

export const examples = [
  'vkeys env lab-user1 --for claude-code --model claude-sonnet',
  'vkeys env lab-user1 --for codex --model gpt-4o --write --helper --no-check',
  'vkeys env --from lab/secrets/lab-user1.env --for aider --shell fish',
];

export function flags(command: Command) {
  return command
    .argument('[key]', `${KEY}; the only one of the keyring if it is not given`)
    .addOption(
      new Option('--for <client>', 'the program that is to use the key')
        .choices(CLIENT_NAMES)
        .default('openai' as const),
    )
    .addOption(new Option('--shell <shell>', 'print what this shell runs, not lines of a .env file').choices(EXPORTING))
    .option('--model <name>', 'the model that it is to use')
    .option('--small-model <name>', 'the model for its small questions, where it asks some; else the same')
    .option('--set <name>', 'the key of this set')
    .option('--server <url>', 'the key of this server')
    .addOption(new Option('--key-stdin', 'read the key from standard input').conflicts(['set', 'server']))
    .addOption(
      new Option('--from <path>', 'take it from a hand-out: a .env, JSON or CSV file').conflicts([
        'keyStdin',
        'set',
        'server',
      ]),
    )
    .addOption(new Option('--write', "put it into the client's own file, and check it").conflicts('shell'))
    .option('--file <path>', 'the file for --write, if not where the client has it')
    .addOption(new Option('--dry-run', 'say what --write would change').implies({ write: true }))
    .addOption(
      new Option('--helper', 'let the client ask `vkeys token` for the key, where it can').conflicts([
        'shell',
        'keyStdin',
        'from',
      ]),
    )
    .option('--check', 'ask the server, with the key, whether it works')
    .option('--no-check', 'ask no server after --write');
}

type Options = OptionsOf<typeof flags> & ClientFlags;

/** Prints the variables of a client, or writes its file. 5 where the key was tried and does not work. */
export async function action(console: Console, word: string | undefined, options: Options): Promise<number> {
  assertNoFormat(options);
  assertFitting(options);
  const { for: client, model, smallModel: small_model, write, shell, dryRun } = options;
  const source = await sourceOf(console, word, options);
  const key = await clientKey(contextOf(console, options), source);
  const values = {
    ...clientValues(apiBaseUrl(key.url), { model, small_model }),
    ...(options.helper === true ? {} : { key: key.secret.reveal() }),
    ...(key.found === null ? {} : { ...key.found, helper: helperLine(key.found) }),
  };
  for (const hint of hints(client, values)) say(console, options, hint);
  if (write === true) await writeFiles(console, options, values, key);
  else if (options.helper === true) console.stdout.write(await askingText(client, values));
  else {
    console.stdout.write(variablesText(filledVariables(CLIENTS[client].variables, values), shell));
    const wants = await wantsText(client, values);
    if (wants !== null) say(console, options, wants);
  }
  const isChecked = options.check ?? (write === true && dryRun !== true);
  return isChecked ? worksAt(console, options, key) : 0;
}

async function sourceOf(console: Console, word: string | undefined, options: Options): Promise<KeySource> {
  const { keyStdin, from: path, set, server } = options;
  if (keyStdin === true && word !== undefined)
    throw new VkeysError(
      'usage',
      'A key is named, and --key-stdin reads another.',
      'Leave the name out, or leave --key-stdin out to take it from the keyring.',
    );
  if (keyStdin === true) return { is: 'given', secret: await keyOnStdin(console, 'vkeys env --key-stdin') };
  const selector = word === undefined ? null : await selectorIn(console, options, word);
  if (path !== undefined) return { is: 'file', path, selector };
  return { is: 'keyring', selector, set, server: server === undefined ? undefined : serverUrl(server) };
}
