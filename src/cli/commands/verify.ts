import { Option, type Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { serverUrl } from '../../litellm/http/url.ts';
import { KEY_STATES } from '../../model/key-state.ts';
import { isWell } from '../../model/verified.ts';
import { triedKeys, type TriedSource } from '../../run/tried-keys.ts';
import { verifyKeys } from '../../run/verify.ts';
import type { Console } from '../console.ts';
import { EXITS } from '../exit-codes.ts';
import { keyOnStdin } from '../key-on-stdin.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { collect } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { KEY, selectorsIn } from '../selectors.ts';
import { DEEP, FILES, specOptions } from '../spec-options.ts';
import { readSpecs, withUnmatched } from '../specs.ts';

export const examples = [
  'vkeys verify lab-user1',
  'vkeys verify -f lab/vkeys.yaml --wait',
  'vkeys verify --key-stdin --chat gpt-4o-mini < key.txt',
];

export function flags(command: Command) {
  return command
    .argument('[key...]', `${KEY}; "lab-*" for several; all of the keyring if none is given`)
    .option('--set <name>', 'of this set')
    .option('--server <url>', 'of this server')
    .option(...FILES)
    .option(...DEEP)
    .option('--only <glob>', 'with -f: only names that match (repeatable)', collect)
    .option('--from <path>', 'the keys of a hand-out: a .env, JSON or CSV file (repeatable)', collect)
    .option('--key-stdin', 'read one key from standard input')
    .option('--chat <model>', 'call this model once with each key that works, which costs a little')
    .addOption(new Option('--expect <state>', 'what each key is to be').choices(KEY_STATES).default('works' as const))
    .option('--wait', 'look again, for a minute at most, until every process of the server says so');
}

type Options = OptionsOf<typeof flags>;

/** Asks each key's server, with the key; 5 where one is not as it should be. */
export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { expect: expected, chat, wait = false } = options;
  const context = contextOf(console, { ...options, ...specOptions(options) });
  const tried = await triedKeys(context, await sourceOf(console, words, options));
  const verified = await verifyKeys(context, tried, { expected, chat, wait });
  const { verifiedJson, verifiedText } = await import('../../view/verified.ts');
  if (format === 'table')
    console.stdout.write(verifiedText(verified, expected, lookOf(console, console.stdout, options)));
  else await emitContent(console, options, format, { started, keys: verified.map(verifiedJson) });
  return verified.every((each) => isWell(each, expected)) ? 0 : EXITS.useless.code;
}

async function sourceOf(console: Console, words: readonly string[], options: Options): Promise<TriedSource> {
  const { set, server, file, from, keyStdin, only } = options;
  const isKept = words.length > 0 || set !== undefined || server !== undefined;
  if ([isKept, file !== undefined, from !== undefined, keyStdin === true].filter(Boolean).length > 1)
    throw new VkeysError(
      'usage',
      'Keys are named in more than one way.',
      'Name keys of the keyring, or give one of -f FILE, --from FILE and --key-stdin.',
    );
  if (only !== undefined && file === undefined)
    throw new VkeysError('usage', '--only is for -f.', 'For keys whose aliases match: vkeys verify "lab-*"');
  if (keyStdin === true) return { is: 'given', secret: await keyOnStdin(console, 'vkeys verify --key-stdin') };
  if (from !== undefined) return { is: 'files', paths: from };
  if (file !== undefined) {
    const { specs } = await withUnmatched(await readSpecs(file, console, options), console, options);
    return { is: 'specs', specs };
  }
  const selectors = await selectorsIn(console, options, words);
  return { is: 'keyring', selectors, set, server: server === undefined ? undefined : serverUrl(server) };
}
