/** Whether a key works for a client, asked with the key itself and free of cost. */
import { VkeysError } from '../base/errors.ts';
import { globPattern } from '../base/glob.ts';
import type { Secret } from '../base/secret.ts';
import { isOlder } from '../base/version.ts';
import { oneLine } from '../encode/terminal.ts';
import { readHealth } from '../litellm/health.ts';
import { askKey } from '../litellm/key-state.ts';
import { KEY_STATE_WORDS, type KeyState } from '../model/key-state.ts';
import { withKeyConnection } from './key-connection.ts';
import type { Context } from './open.ts';

/** `lacking`: the version of the server, where it lacks the route that was asked about. */
export type KeyCheck = { readonly models: readonly string[]; readonly lacking: string | null };

export type KeyQuestion = {
  readonly secret: Secret;
  readonly url: string;
  /** They have to be among those of the key. */
  readonly models: readonly string[];
  readonly route: { readonly path: string; readonly since: string } | undefined;
};

/** Throws why it does not work: `auth` for the key, `refused` for a model, and what requests throw. */
export async function checkKey(context: Context, { secret, url, models, route }: KeyQuestion): Promise<KeyCheck> {
  return withKeyConnection(context, url, async (connection) => {
    const state = await askKey(connection, secret);
    if (state.is !== 'works') throw notWorking(state, url);
    const missing = models.find((model) => !state.models.some((name) => globPattern(name).test(model)));
    if (missing !== undefined) throw notListed(missing, state.models);
    const version = route === undefined ? null : (await readHealth(connection).catch(() => null))?.version;
    const isLacking = route !== undefined && version != null && isOlder(version, route.since);
    return { models: state.models, lacking: isLacking ? version : null };
  });
}

/** A state in which a key does not work, as an error. */
export function notWorking({ is, why }: Exclude<KeyState, { readonly is: 'works' }>, url: string): VkeysError {
  const { what, hint } = KEY_STATE_WORDS[is];
  return new VkeysError('auth', `${what} at ${url}${why === '' ? '.' : `: ${why}`}`, hint, { facts: { state: is } });
}

/** Nobody reads more of a list. */
const MOST = 10;

function notListed(model: string, listed: readonly string[]): VkeysError {
  const some = listed.slice(0, MOST).map(oneLine).join(', ');
  return new VkeysError(
    'refused',
    `The key may not use ${oneLine(model)}.`,
    listed.length === 0
      ? 'It may use no model at all; give it some: vkeys update KEY --models NAME'
      : `It may use ${some}${listed.length > MOST ? ' …' : ''}: name one with --model`,
  );
}
