import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { placeholdersOf } from '../base/template.ts';
import { clientValues } from '../encode/client-values.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import { filledVariables } from '../encode/filled.ts';
import { variablesText } from '../encode/shell.ts';
import { oneLine } from '../encode/terminal.ts';
import { variableName, variablePart } from '../encode/variable.ts';
import { wantsText } from './client.ts';

/** A key that is told as variables, and the models that it may use where that is known. */
export type EnvKey = { readonly key_alias: string; readonly secret: Secret; readonly models?: readonly string[] };

/**
 * Keys as the variables of a client: `OPENAI_API_KEY` and `OPENAI_BASE_URL` for one, `LAB_ADA_API_KEY` … for several. Throws
 * `usage` when two aliases make the same name.
 */
export function envText(keys: readonly EnvKey[], api_base_url: string, client: Client = 'openai'): string {
  if (keys.length === 0) return '';
  const templates = Object.entries(CLIENTS[client].variables);
  const ofKeys = templates.filter(([, template]) => placeholdersOf(template).includes('key'));
  const names = ofKeys.map(([variable]) => namesFor(keys, variable));
  const model = modelOf(keys);
  const common = clientValues(api_base_url, { model, small_model: model });
  return variablesText(
    new Map([
      ...keys.flatMap(({ secret }, index) => names.map((each) => [each[index] ?? '', secret.reveal()] as const)),
      ...filledVariables(Object.fromEntries(templates), common),
    ]),
  );
}

/** What the client wants beside the variables, in a file without the key or of whoever uses it; `null`: nothing. */
export async function besideText(
  keys: readonly EnvKey[],
  api_base_url: string,
  client: Client,
): Promise<string | null> {
  const model = modelOf(keys);
  return wantsText(client, clientValues(api_base_url, { model, small_model: model }));
}

/** The one model that all keys may use; a name with a pattern in it is none. */
function modelOf(keys: readonly EnvKey[]): string | undefined {
  const [model, ...others] = new Set(keys.flatMap(({ models = [] }) => models));
  const isOne = model !== undefined && others.length === 0 && keys.every(({ models = [] }) => models.length === 1);
  return isOne && !/[*]|^all-/.test(model) ? model : undefined;
}

/** A variable of the client for each key. Throws `usage` when two would have one name. */
function namesFor(keys: readonly EnvKey[], variable: string): readonly string[] {
  if (keys.length === 1) return [variable];
  const part = variable === 'OPENAI_API_KEY' ? 'API_KEY' : variable;
  const names = keys.map(({ key_alias }) => variableName(`${variablePart(key_alias)}_${part}`));
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice === -1) return names;
  throw new VkeysError(
    'usage',
    `${oneLine(keys[twice]?.key_alias ?? '')} and another key would both be ${String(names[twice])}.`,
    'Print them one at a time, or use -o json.',
  );
}
