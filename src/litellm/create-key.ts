/**
 * Creating a key. The secret is ours and its hash is the row's primary key; a new secret is never tried in the hope that the
 * first was not stored. A server may forbid secrets of our own (`disable_custom_api_keys`). Then it mints, and nothing can be
 * repeated.
 */
import { VkeysError } from '../base/errors.ts';
import type { Body } from '../apply/ports.ts';
import type { Secret } from '../base/secret.ts';
import type { Landed } from '../model/landed.ts';
import { createOnce } from './create-once.ts';
import { generateKey, keyInfo } from './keys.ts';
import type { Connection } from './http/request.ts';
import { isRefusedFor, isUnclear, undone } from './http/request-error.ts';
import { startPatience } from './http/retry.ts';

const UNSETTLED = {
  message: 'Whether the key was created is not known yet.',
  hint: 'Run the same command again: its secret is kept, and the next run settles it.',
};

/** Creates a key with this secret, once, whatever is cut. `mints`: this server chooses the secrets of its keys itself. */
export async function createKey(
  connection: Connection,
  secret: Secret,
  body: Body,
): Promise<Landed<Secret> | { readonly is: 'mints' }> {
  const landed = await createOnce(connection, {
    send: () => generateKey(connection, (now) => ({ ...body(now), key: secret.reveal() })),
    find: async () => ((await keyInfo(connection, secret.hash())) === null ? 'absent' : 'ours'),
    mayBeThere: (error) => isRefusedFor(error, 'alias_taken'),
    unsettled: UNSETTLED,
  });
  if (landed.is === 'refused' && isRefusedFor(landed.error, 'custom_keys_disabled')) return { is: 'mints' };
  return landed.is === 'done' ? { is: 'done', value: secret } : landed;
}

/** Has the server choose the secret. Sent again only where it has not begun. */
export async function createMinted(connection: Connection, body: Body): Promise<Landed<Secret>> {
  const patience = startPatience(connection);
  for (;;) {
    try {
      return { is: 'done', value: await generateKey(connection, body) };
    } catch (error) {
      if (!(error instanceof VkeysError)) throw error;
      if (isUnclear(error) || !error.transient || !(await patience(error))) return undone(error);
    }
  }
}
