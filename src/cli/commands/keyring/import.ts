import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../../base/errors.ts';
import { secretIn } from '../../../model/selector.ts';
import { oneLine } from '../../../encode/terminal.ts';
import { keyInfo } from '../../../litellm/keys.ts';
import type { Entry } from '../../../model/keyring.ts';
import { findAddress } from '../../../run/server-address.ts';
import { keyringChoice, withKeyrings } from '../../../run/keyrings.ts';
import { openingOf, withSessions } from '../../../run/open.ts';
import type { Console } from '../../console.ts';
import { keyOnStdin } from '../../key-on-stdin.ts';
import { contextOf } from '../../listen.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { OptionsOf } from '../../options.ts';
import { say } from '../../say.ts';

export const examples = ['vkeys keyring import < key.txt', 'vkeys keyring import lab-user1 --set lab < key.txt'];

export function flags(command: Command) {
  return command
    .argument('[name]', "the key's name in the spec; its alias if it is not given")
    .option('--set <name>', "the key's set, if it does not say so itself")
    .option('--key-id <hash>', 'the hash of the key, instead of asking the server');
}

type Options = OptionsOf<typeof flags>;

const FORMATS = ['table', 'json', 'yaml'] as const;

/** Remembers a secret, checked by its hash: against the key of the server, or against the hash that was given. */
export async function action(console: Console, name: string | undefined, options: Options): Promise<number> {
  formatAmong(console, options, FORMATS);
  if (!keyringChoice(console, options).keep) {
    throw new VkeysError('usage', '--keyring none keeps nothing.', 'Leave it out, or give a folder: --keyring PATH');
  }
  if (name !== undefined && secretIn(name) !== null) throw secretAsName();
  const secret = await keyOnStdin(console, 'vkeys keyring import NAME');
  const key_id = secret.hash();
  if (options.keyId === undefined) {
    return withSessions(contextOf(console, options), async (sessions) => {
      const session = await sessions.open(null);
      const live = await keyInfo(session.connection, key_id);
      if (live === null) throw unknownSecret(session.url);
      const set = options.set ?? live.mark?.set ?? 'adhoc';
      const called = name ?? live.name;
      if (called === null) throw nameless();
      return remember(console, options, session, set, { key_id, name: called, secret, expires: live.expires });
    });
  }
  if (options.keyId.toLowerCase() !== key_id) throw otherSecret();
  if (name === undefined) throw nameless();
  const { url } = await findAddress(contextOf(console, options), null);
  const target = { url, stop: console.stop };
  return remember(console, options, target, options.set ?? 'adhoc', { key_id, name, secret, expires: null });
}

type Imported = Pick<Entry, 'key_id' | 'name' | 'secret' | 'expires'>;

async function remember(
  console: Console,
  options: Options,
  target: { readonly url: string; readonly stop: AbortSignal },
  set: string,
  { key_id, name, secret, expires }: Imported,
): Promise<number> {
  const opening = { ...openingOf(contextOf(console, options), target), blind: true };
  const format = formatAmong(console, options, FORMATS);
  const started = console.now();
  await withKeyrings(console, options, [{ server: target.url, set }], opening, async ([keyring]) => {
    const at = console.now().toISOString();
    await keyring?.record([
      { op: 'mint', key_id, name, secret, at },
      { op: 'done', key_id, expires },
    ]);
  });
  if (format !== 'table') await emitContent(console, options, format, { started, changed: true });
  say(console, options, `Remembered the secret of ${oneLine(name)} (${key_id}) in the set ${oneLine(set)}.`);
  return 0;
}

function unknownSecret(url: string): VkeysError {
  return new VkeysError(
    'refused',
    `${url} has no key with this secret, so nothing was kept.`,
    'Look at the secret, or name another server with --url; to keep it all the same: --key-id HASH',
  );
}

function otherSecret(): VkeysError {
  return new VkeysError(
    'refused',
    'This is not the secret of the key with that hash, so nothing was kept.',
    'Compare the hashes: vkeys list --columns key_alias,key_id',
  );
}

function secretAsName(): VkeysError {
  return new VkeysError(
    'usage',
    'A key stands where its name belongs.',
    'Give the key on standard input, and NAME as it is called in the spec: vkeys keyring import NAME < FILE',
  );
}

function nameless(): VkeysError {
  return new VkeysError(
    'usage',
    'The secret needs a name.',
    "Give the key's name in the spec: vkeys keyring import NAME",
  );
}
