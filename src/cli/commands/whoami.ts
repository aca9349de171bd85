import { Option, type Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';
import { clientKey } from '../../run/client-key.ts';
import { askMyself, keyInEnvironment } from '../../run/whoami.ts';
import type { Console } from '../console.ts';
import { keyOnStdin } from '../key-on-stdin.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { KEY, selectorIn } from '../selectors.ts';

export const examples = ['vkeys whoami --key-stdin < key.txt', 'vkeys whoami lab-user1 -o json'];

export function flags(command: Command) {
  return command
    .argument('[key]', `${KEY}, of the keyring; without it the key of the environment, or the keyring's only one`)
    .option('--set <name>', 'the key of this set')
    .addOption(new Option('--key-stdin', 'read the key from standard input').conflicts('set'));
}

type Options = OptionsOf<typeof flags>;

/** Tells what a key is, with no other credential than itself. */
export async function action(console: Console, word: string | undefined, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { secret, url } = await keyFor(console, word, options);
  const { state, live, now } = await askMyself(contextOf(console, options), secret, url);
  if (format === 'table') {
    const { whoamiText } = await import('../../view/whoami.ts');
    const look = { ...lookOf(console, console.stdout, options), now };
    console.stdout.write(whoamiText(state, live, secret, apiBaseUrl(url), look));
    return 0;
  }
  const { liveJson } = await import('../../view/row.ts');
  const models = state.is === 'works' ? state.models : null;
  const why = state.is === 'works' || state.why === '' ? null : state.why;
  const whoami = { url, key_id: secret.hash(), state: state.is, why, models };
  const keys = live === null ? [] : [liveJson(live, now)];
  await emitContent(console, options, format, { started, keys, more: { whoami } });
  return 0;
}

async function keyFor(
  console: Console,
  word: string | undefined,
  options: Options,
): Promise<{ readonly secret: Secret; readonly url: string }> {
  const context = contextOf(console, options);
  const { keyStdin, set } = options;
  if (keyStdin === true && word !== undefined)
    throw new VkeysError(
      'usage',
      'A key is named, and --key-stdin reads another.',
      'Leave the name out, or leave --key-stdin out to take it from the keyring.',
    );
  if (keyStdin === true)
    return clientKey(context, { is: 'given', secret: await keyOnStdin(console, 'vkeys whoami --key-stdin') });
  const own = word === undefined && set === undefined ? await keyInEnvironment(context) : null;
  const selector = word === undefined ? null : await selectorIn(console, options, word);
  return own ?? clientKey(context, { is: 'keyring', selector, set });
}
