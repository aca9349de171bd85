/**
 * Creating a key so that a lost answer loses nothing. The secret is ours and its hash is the row's primary key, so:
 * after an unclear end the hash is looked up – there: created; not there: the *same* secret is sent again, at worst
 * twice, and the second one changes nothing. A new secret is never tried in the hope that the first was not stored.
 *
 * A server may forbid secrets of our own (`disable_custom_api_keys`). Then it mints, and nothing can be repeated.
 */
import { VkeysError } from '../base/errors.ts';
import type { Body } from '../apply/ports.ts';
import type { Secret } from '../base/secret.ts';
import type { Landed, Undone } from '../model/landed.ts';
import { generateKey, keyInfo } from './keys.ts';
import type { Connection } from './http/request.ts';
import { isRefusedFor, isUnclear, RequestError, undone } from './http/request-error.ts';
import { startPatience } from './http/retry.ts';

/** So many answers that cannot be read, and the creation is given up. */
const UNREAD = 3;

/** Creates a key with this secret, once, whatever is cut. `mints`: this server chooses the secrets of its keys itself. */
export async function createKey(
  connection: Connection,
  secret: Secret,
  body: Body,
): Promise<Landed<Secret> | { readonly is: 'mints' }> {
  const done = { is: 'done', value: secret } as const;
  const patience = startPatience(connection);
  let underWay = false;
  let unread = 0;
  for (;;) {
    try {
      await generateKey(connection, (now) => ({ ...body(now), key: secret.reveal() }));
      return done;
    } catch (error) {
      if (!(error instanceof VkeysError)) throw error;
      if (!underWay && isRefusedFor(error, 'custom_keys_disabled')) return { is: 'mints' };
      /* The one who took it may be ourselves: an earlier attempt, or a run that was killed with its request under way. */
      if (isRefusedFor(error, 'alias_taken') || isUnclear(error)) {
        const found = await lookUp(connection, secret);
        if (found === 'there') return done;
        if (found === 'unknown') return unsettled(error);
      }
      /* A 500 is LiteLLM's own last word; after anything else the work may be done later, whatever the next attempt says. */
      underWay ||= isUnclear(error) && !(error instanceof RequestError && error.status === 500);
      const isUnsent = error instanceof RequestError && error.reach === 'unsent';
      const end: Undone = underWay ? unsettled(error) : { is: isUnsent ? 'unsent' : 'refused', error };
      /* An answer that cannot be read is one all the same, so patience would have no end. */
      if (error.kind === 'protocol') unread += 1;
      const isLost = error instanceof RequestError && error.reach === 'unknown';
      if (!(error.transient || isLost) || unread === UNREAD) return end;
      if (!(await patience(error))) return end;
    }
  }
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

async function lookUp(connection: Connection, secret: Secret): Promise<'there' | 'absent' | 'unknown'> {
  try {
    return (await keyInfo(connection, secret.hash())) === null ? 'absent' : 'there';
  } catch (error) {
    if (error instanceof VkeysError) return 'unknown';
    throw error;
  }
}

function unsettled(error: VkeysError): Undone {
  const { kind, message, transient, facts } = error;
  return {
    is: 'unsettled',
    error: new VkeysError(
      kind,
      `${message} Whether the key was created is not known yet.`,
      'Run the same command again: its secret is kept, and the next run settles it.',
      { cause: error, transient, facts },
    ),
  };
}
