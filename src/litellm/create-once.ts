/**
 * Creating a key so that a lost answer loses nothing. The secret is ours and its hash is the row's primary key, so:
 * after an unclear end the hash is looked up – there: created; not there: the *same* secret is sent again, at worst
 * twice, and the second one changes nothing. A new secret is never tried in the hope that the first was not stored.
 *
 * A server may forbid secrets of our own (`disable_custom_api_keys`). Then it mints, and nothing can be repeated.
 */
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import { generateKey, keyInfo } from './keys.ts';
import { isTransient, type Connection } from './http/request.ts';
import { startPatience } from './http/retry.ts';

/** So many answers that cannot be read, and the creation is given up. */
const UNREAD = 3;

/**
 * Creates a key with this secret, once, whatever is cut. Throws what `send` throws; after an error with
 * `details.unsettled` the key may or may not exist.
 */
export async function createKey(connection: Connection, secret: Secret, body: JsonObject): Promise<void> {
  const patience = startPatience(connection);
  let underWay = false;
  let unread = 0;
  for (;;) {
    try {
      await generateKey(connection, { ...body, key: secret.reveal() });
      return;
    } catch (error) {
      if (!(error instanceof VkeysError)) throw error;
      /* The one who took it may be ourselves: an earlier attempt, or a run that was killed with its request under way. */
      const taken = error.details['code'] === 'alias_taken';
      if ((taken || isUnclear(error)) && (await exists(connection, secret, error))) return;
      /* A 500 is LiteLLM's own last word; after anything else the work may be done later, whatever the next attempt says. */
      underWay ||= isUnclear(error) && error.details['status'] !== 500;
      const end = underWay ? unsettled(error) : error;
      /* An answer that cannot be read is one all the same, so patience would have no end. */
      if (error.kind === 'protocol') unread += 1;
      if (!(isTransient(error) || error.details['sent'] === true) || unread === UNREAD) throw end;
      await patience(end);
    }
  }
}

/** Has the server choose the secret. Sent again only where it has not begun. Throws what `sendOnce` throws. */
export async function createMinted(connection: Connection, body: JsonObject): Promise<Secret> {
  const patience = startPatience(connection);
  for (;;) {
    try {
      return await generateKey(connection, body);
    } catch (error) {
      if (!(error instanceof VkeysError) || !isTransient(error) || isUnclear(error)) throw error;
      await patience(error);
    }
  }
}

/** Whether the server may have done the work although it did not say so. A redirect is an answer of somebody before it. */
function isUnclear({ details: { sent, status, code } }: VkeysError): boolean {
  return typeof status === 'number' ? status < 400 || status >= 500 || code === 'database_away' : sent !== false;
}

async function exists(connection: Connection, secret: Secret, cause: VkeysError): Promise<boolean> {
  try {
    return (await keyInfo(connection, secret.hash())) !== null;
  } catch {
    throw unsettled(cause);
  }
}

function unsettled(error: VkeysError): VkeysError {
  return new VkeysError(
    error.kind,
    `${error.message} Whether the key was created is not known yet.`,
    'Run the same command again: its secret is kept, and the next run settles it.',
    { cause: error, details: { ...error.details, unsettled: true } },
  );
}
