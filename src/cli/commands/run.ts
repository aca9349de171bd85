import { Option, type Command } from '@commander-js/extra-typings';
import { NOT_EXECUTABLE, NOT_FOUND } from '../../auth/attach.ts';
import { VkeysError } from '../../base/errors.ts';
import { lookForProgram } from '../../base/programs.ts';
import { WITHOUT_CREDENTIALS } from '../../base/variables.ts';
import { clientValues } from '../../encode/client-values.ts';
import { CLIENTS } from '../../encode/clients.ts';
import { filledVariables } from '../../encode/filled.ts';
import { oneLine } from '../../encode/terminal.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';
import { commandCalls, endCommandKey, makeCommandKey, type CommandKey } from '../../run/command-key.ts';
import { wantsText } from '../../view/client.ts';
import { callsText } from '../../view/calls.ts';
import { CLIENT_NAMES } from '../client-option.ts';
import type { Console } from '../console.ts';
import { keyOf, limitFlags } from '../field-options.ts';
import { assertLawful } from '../lawful.ts';
import { contextOf } from '../listen.ts';
import { duration } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';
import { assertNoFormat } from '../output.ts';
import { say, sayError } from '../say.ts';
import { specOptions } from '../spec-options.ts';
import { specOf } from '../../run/single.ts';

export const examples = [
  'vkeys run --models gpt-4o-mini --max-budget 1 -- sh -c "test -n $OPENAI_API_KEY"',
  'vkeys run --reuse 8h --for anthropic -- true',
];

export function flags(command: Command) {
  return limitFlags(command)
    .argument('<command...>', 'the command and its arguments, behind --')
    .addOption(
      new Option('--for <client>', 'the program that is to use the key')
        .choices(CLIENT_NAMES)
        .default('openai' as const),
    )
    .option('--model <name>', 'the model that it is to use')
    .option('--ttl <duration>', 'when the key ends by itself, at the latest', duration, '1h')
    .option('--reuse <duration>', 'keep the key so long, and use it again on this machine', duration)
    .option('--no-model-check', 'do not look whether the server offers the models');
}

type Options = OptionsOf<typeof flags>;

/** Runs a command with a key of its own, and ends as the command does. */
export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  assertNoFormat(options);
  assertFree(options);
  const [command = '', ...args] = words;
  const found = await lookForProgram(command, console);
  if (found !== 'there') return absent(console, options, command, found);
  const { reuse, ttl, for: client } = options;
  const fields = { ...keyOf(options), duration: reuse ?? ttl };
  const { desired } = await specOf({ kind: 'key', name: 'key' }, fields, 'run', console);
  for (const each of desired) await assertLawful(console, options, each);
  const context = contextOf(console, { ...options, ...specOptions(options), printsKeys: true, keepsPlaces: true });
  const key = await makeCommandKey(context, fields, reuse !== undefined);
  const [only, ...others] = options.models ?? [];
  const model = options.model ?? (others.length === 0 ? only : undefined);
  const values = { ...clientValues(apiBaseUrl(key.url), { model, small_model: undefined }), key: key.secret.reveal() };
  const wants = await wantsText(client, values);
  if (wants !== null) say(console, options, wants);
  const env = { ...WITHOUT_CREDENTIALS, ...Object.fromEntries(filledVariables(CLIENTS[client].variables, values)) };
  try {
    return await console.attach({ command, args, env });
  } finally {
    if (reuse === undefined) await end(console, options, context, key);
    await tellCalls(console, options, context, key);
  }
}

type At = Parameters<typeof endCommandKey>[0];

/** What goes wrong now is told, and changes nothing of how the command ended. */
async function end(console: Console, options: Options, context: At, key: CommandKey): Promise<void> {
  try {
    await endCommandKey(context, key);
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    await sayError(console, options, error);
    const until = key.expires === null ? '' : ` at ${key.expires}`;
    say(console, options, `The key ${oneLine(key.name)} ends by itself${until}; the next vkeys run deletes it.`);
  }
}

async function tellCalls(console: Console, options: Options, context: At, key: CommandKey): Promise<void> {
  if (options.quiet === true) return;
  try {
    say(console, options, callsText(await commandCalls(context, key), key.key_id, console.now()));
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    say(console, options, `What it used is not known: ${error.message}`);
  }
}

/** Throws `usage` for what would take the input of the command. */
function assertFree({ masterKeyStdin }: Options): void {
  if (masterKeyStdin !== true) return;
  throw new VkeysError(
    'usage',
    'Standard input is for the command, and --master-key-stdin reads it.',
    'Give the master key in another way, e.g. --master-key-file PATH',
  );
}

/** As a shell does, before a key is made. */
async function absent(
  console: Console,
  options: Options,
  command: string,
  found: 'missing' | 'closed',
): Promise<number> {
  const what = found === 'missing' ? 'There is no program' : 'This user may not run';
  const hint = 'It is looked for on PATH, or where a path says. For a line of a shell: vkeys run -- sh -c "LINE"';
  const error = new VkeysError('usage', `${what} ${oneLine(command)}. No key was made.`, hint);
  await sayError(console, options, error);
  return found === 'missing' ? NOT_FOUND : NOT_EXECUTABLE;
}
