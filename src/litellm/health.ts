import { isObject, type Json } from '../base/json.ts';
import { send, type Answer, type Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';

/** What the server says of itself, without a key. `database`: `connected`, or its own words. `isLiteLLM`: only LiteLLM says so. */
export type Health = { readonly version: string | null; readonly database: string | null; readonly isLiteLLM: boolean };

/**
 * Asks for the version where it is cheapest: `/health/readiness` has it up to 1.83.14, `/public/model_hub/info` from
 * 1.77.7 on. `null` where a server hides it.
 */
export async function readHealth(connection: Connection): Promise<Health> {
  const anonymous: Connection = { ...connection, secret: null };
  const readiness = (await askOptional(anonymous, '/health/readiness'))?.body ?? null;
  const version =
    textIn(readiness, 'litellm_version') ??
    textIn((await askOptional(anonymous, '/public/model_hub/info'))?.body ?? null, 'litellm_version');
  const database = textIn(readiness, 'db');
  return { version, database, isLiteLLM: version !== null || database !== null };
}

/** Whether this is LiteLLM's control plane, which manages several proxies and has no keys itself: its own page knows who is there. */
export async function isControlPlane(connection: Connection): Promise<boolean> {
  const me = await askOptional({ ...connection, secret: null }, '/api/v1/auth/me').catch(() => null);
  return me !== null && isObject(me.body);
}

function textIn(body: Json, name: string): string | null {
  const value = isObject(body) ? body[name] : null;
  return typeof value === 'string' ? value : null;
}

/** An answer that may be missing on some versions: `null` when the server does not know the path or refuses it. */
export async function askOptional(
  connection: Connection,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Answer | null> {
  try {
    return await send(connection, { method: 'GET', path, query });
  } catch (error) {
    if (error instanceof RequestError && error.reach === 'answered') return null;
    throw error;
  }
}
