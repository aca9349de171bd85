/** One real call with a key. */
import type { Secret } from '../base/secret.ts';
import { VkeysError } from '../base/errors.ts';
import { sendOnce, type Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';

/** Models take their time. */
const LONG = { bytes: 1_000_000, times: 4 };

/** Asks a model a short question with the key, once, because it costs something; answers why that failed, or `null`. */
export async function callModel(connection: Connection, secret: Secret, model: string): Promise<string | null> {
  const refused = ({ message }: { readonly message: string }): VkeysError =>
    new VkeysError('auth', message, 'See what it may do: vkeys whoami');
  const body = { model, messages: [{ role: 'user', content: 'Say ok.' }], max_tokens: 16 };
  try {
    const path = '/v1/chat/completions';
    await sendOnce({ ...connection, secret, refused }, { method: 'POST', path, body: () => body, long: LONG });
    return null;
  } catch (error) {
    if (error instanceof RequestError && error.reach === 'answered') return error.message;
    throw error;
  }
}
