import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { clientOption, withClient } from '../client-option.ts';
import type { Console } from '../console.ts';
import { exitCodeFor } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { emit, emitContent, formatAmong } from '../output.ts';
import { assertGithub, GITHUB, handToGithub } from '../github.ts';
import type { OptionsOf } from '../options.ts';
import { printEnv } from '../print-env.ts';
import { KEY, selectorIn } from '../selectors.ts';
import { withSessions } from '../../run/open.ts';
import { USAGE } from '../../model/resource.ts';
import { secretRefs } from '../../run/placed.ts';
import { selectKey } from '../../run/select.ts';
import { keyringChoice } from '../../run/keyrings.ts';
import { findEntry } from '../../secrets/inventory.ts';
import { modelsOf } from '../../view/outcome.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';

export const examples = [
  'vkeys get lab-user1',
  'vkeys get lab-user1 --show-key',
  'vkeys get lab-user1 --for openai > .env',
];

export function flags(command: Command) {
  return command
    .argument('<key>', KEY)
    .option('--show-key', 'with its secret, if the keyring has it')
    .addOption(GITHUB)
    .addOption(clientOption());
}

/** Shows one key in full, with its secret if that is asked for and one of this user's keyrings has it. */
export async function action(console: Console, word: string, given: OptionsOf<typeof flags>): Promise<number> {
  const options = withClient(given);
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'env', 'virtualkey-status']);
  const started = console.now();
  assertGithub(console, options);
  const selector = await selectorIn(console, options, word);
  const context = contextOf(console, options);
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const { live, survey } = await selectKey({ session, hear: context.hear, look: { columns: USAGE } }, selector);
    if (format === 'virtualkey-status') {
      const { liveStatus } = await import('../../view/virtualkey-status.ts');
      const refs = await secretRefs(console, options);
      await emit(console, 'json', liveStatus(live, survey.now, refs.get(live.id) ?? null));
      return 0;
    }
    const key_alias = live.name ?? live.id;
    const isWanted =
      [options.showKey, options.showKeys].includes(true) || options.github !== undefined || format === 'env';
    const choice = keyringChoice(console, options);
    const entry = isWanted ? await findEntry(choice.roots, live.id, choice) : null;
    const secret = entry?.secret ?? null;
    const error = isWanted && secret === null ? unknownSecret(key_alias) : null;
    const api_base_url = apiBaseUrl(session.url);
    const { now } = survey;
    if (secret !== null && (await handToGithub(console, options, secret, api_base_url))) return 0;
    if (format === 'json' || format === 'yaml') {
      const { liveJson } = await import('../../view/row.ts');
      const key = secret === null || !options.secrets ? {} : { key: secret.reveal() };
      await emitContent(console, options, format, { started, keys: [{ ...liveJson(live, now), ...key }], error });
      return error === null ? 0 : exitCodeFor(error);
    }
    if (format === 'env') {
      const keys = secret === null ? [] : [{ key_alias, secret, models: modelsOf(live) }];
      await printEnv(console, options, keys, api_base_url);
    } else {
      const { cardText } = await import('../../view/card.ts');
      const look = { ...lookOf(console, console.stdout, options), now };
      console.stdout.write(cardText(live, look, { secret, showKey: isWanted, api_base_url }));
    }
    if (error !== null) throw error;
    return 0;
  });
}

function unknownSecret(alias: string): VkeysError {
  return new VkeysError(
    'delivery',
    `The keyring of this machine does not have the key of ${alias}.`,
    'Run it where the key was made, or name the keyring that has it: --keyring PATH',
  );
}
