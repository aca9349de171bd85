import { randomBytes } from 'node:crypto';
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Facts } from './versions.ts';

const ENCRYPTED = 'litellm_enc::';
const SENSITIVE =
  /(^|[_-])(password|secret|key|token|auth|authorization|cookie|credentials?|access|private|certificate|fingerprint|tenancy)([_-]|$)/i;

/**
 * `metadata` as newer versions store it: what looks like a secret in the variables of logging callbacks is encrypted,
 * each time anew, and never told again. What came back encrypted and is sent again stays as it is.
 */
export function hideCallbacks({ hidesCallbacks }: Facts, metadata: JsonObject): JsonObject {
  if (!hidesCallbacks) return metadata;
  const { logging, callback_settings: settings } = metadata;
  return {
    ...metadata,
    ...(isList(logging) ? { logging: logging.map(hideVariables) } : {}),
    ...(isObject(settings) ? { callback_settings: hideVariables(settings) } : {}),
  };
}

function hideVariables(callback: Json): Json {
  if (!isObject(callback) || !isObject(callback.callback_vars)) return callback;
  const variables = Object.entries(callback.callback_vars).map(([name, value]) => [name, hide(name, value)]);
  return { ...callback, callback_vars: Object.fromEntries(variables) };
}

function hide(name: string, value: Json): Json {
  if (typeof value !== 'string' || value === '' || value.startsWith(ENCRYPTED)) return value;
  return SENSITIVE.test(name) && !/(^|[_-])cost([_-]|$)/i.test(name)
    ? `${ENCRYPTED}${randomBytes(40).toString('base64url')}`
    : value;
}
