import { VkeysError } from '../../base/errors.ts';
import { isList, isObject, parseJson, stringifyJson, type Json, type JsonObject } from '../../base/json.ts';
import { redact } from '../../base/secret.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { HttpAnswer } from '../sink.ts';

/** What Vault answers: its `data`, `auth`, … and its `errors`, which may be none even where it refuses. */
export type Answer = { readonly status: number; readonly body: JsonObject; readonly errors: readonly string[] };

export function answerOf({ status, text }: HttpAnswer): Answer {
  const json = parseJson(text);
  const body = isObject(json) ? json : {};
  const errors: Json = body['errors'] ?? [];
  return {
    status,
    body,
    errors: isList(errors) ? errors.map((each) => oneLine(typeof each === 'string' ? each : stringifyJson(each))) : [],
  };
}

export function memberOf(object: Json | undefined, name: string): Json | undefined {
  return isObject(object) ? object[name] : undefined;
}

/** What was to be done, and the line of a policy that allows it. */
export type Need = { readonly todo: string; readonly path: string; readonly capabilities: readonly string[] };

/** Why Vault did not do it, in words; `https://developer.hashicorp.com/vault/api-docs` has the codes. Without secrets. */
export function refusal({ status, errors }: Answer, { todo, path, capabilities }: Need): VkeysError {
  const said = errors.length === 0 ? '' : `: ${redact(errors.join(', ')).replaceAll(/\s+/g, ' ').trim()}`;
  if (status === 403) return forbidden(todo, path, capabilities);
  if (status === 404 && /no handler for route/.test(said)) return noEngine(path);
  const [why, hint] = WORDS[status] ?? [
    `answered ${String(status)}${said}`,
    'Mend that, then run the same command again.',
  ];
  return new VkeysError('delivery', `Vault ${why}.`, hint, { facts: { status } });
}

export function forbidden(todo: string, path: string, capabilities: readonly string[]): VkeysError {
  const words = capabilities.map((each) => JSON.stringify(each)).join(', ');
  return new VkeysError(
    'delivery',
    `The token may not ${todo}, or is not valid any more.`,
    `Its policy needs: path ${JSON.stringify(path)} { capabilities = [${words}] }. \`vault token lookup\` tells what it is.`,
    { facts: { status: 403 } },
  );
}

export function noEngine(path: string): VkeysError {
  return new VkeysError(
    'delivery',
    `Vault has nothing at ${oneLine(path)}.`,
    'Check the mount, and the namespace: `vault secrets list` tells what there is.',
  );
}

const AGAIN = 'run the same command again';
const STANDBY = [
  'is a standby here, which does not answer',
  `Set VAULT_ADDR to the active one, then ${AGAIN}.`,
] as const;
const BUSY = ['could not answer', `Look after it, then ${AGAIN}.`] as const;
const WORDS: Readonly<Record<number, readonly [string, string]>> = {
  301: STANDBY,
  302: STANDBY,
  307: STANDBY,
  308: STANDBY,
  412: ['has not caught up with what was written', `Wait a moment, then ${AGAIN}.`],
  413: ['takes no secret of this size', 'Put fewer keys in one place.'],
  429: ['has too many requests', `Wait a moment, then ${AGAIN}.`],
  472: STANDBY,
  473: STANDBY,
  500: BUSY,
  501: ['is not initialised', 'Initialise it: vault operator init'],
  502: BUSY,
  503: ['is sealed, or being looked after', `Unseal it (vault operator unseal), then ${AGAIN}.`],
  504: BUSY,
};
