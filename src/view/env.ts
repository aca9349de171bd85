import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { fill, placeholdersOf } from '../base/template.ts';
import { CLIENT_FILES } from '../encode/client-files.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import { oneLine } from '../encode/terminal.ts';
import { quote, variableName, variablePart } from '../encode/variable.ts';

/** A key that is told as variables, and the models that it may use where that is known. */
export type EnvKey = { readonly key_alias: string; readonly secret: Secret; readonly models?: readonly string[] };

/**
 * Keys as the variables of a client: `OPENAI_API_KEY` and `OPENAI_BASE_URL` for one, `LAB_ADA_API_KEY` … for several. Throws
 * `usage` when two aliases make the same name.
 */
export function envText(keys: readonly EnvKey[], api_base_url: string, client: Client = 'openai'): string {
  if (keys.length === 0) return '';
  const templates = Object.entries<string>(CLIENTS[client]);
  const ofKeys = templates.filter(([, template]) => placeholdersOf(template).includes('key'));
  const names = ofKeys.map(([variable]) => namesFor(keys, variable));
  const common = { api_base_url, api_endpoint: api_base_url.replace(/\/v1$/, ''), ...modelOf(keys) };
  const variables = [
    ...keys.flatMap(({ secret }, index) => names.map((each) => [each[index] ?? '', secret.reveal()] as const)),
    ...templates.filter(isFilledBy(common)).map(([variable, template]) => [variable, fill(template, common)] as const),
  ];
  return variables.map(([name, value]) => `${name}=${quote(name, value)}\n`).join('');
}

/** What the client wants in a file, too, without the key; `null`: nothing. */
export function clientFileText(keys: readonly EnvKey[], api_base_url: string, client: Client): string | null {
  const file = CLIENT_FILES[client];
  if (file === undefined) return null;
  const { model } = modelOf(keys);
  const where = `${client} wants ${Object.keys(CLIENTS[client]).join(', ')} ${file.variable}, and in ${file.path}:\n`;
  const which = model === undefined ? 'MODEL stands for a model of the key: vkeys models\n' : '';
  return `${where}${which}\n${file.text({ api_base_url, model: model ?? 'MODEL' })}`;
}

type Values = Readonly<Record<string, string>>;

function isFilledBy(values: Values): (entry: readonly [string, string]) => boolean {
  return ([, template]) => placeholdersOf(template).every((name) => Object.hasOwn(values, name));
}

/** The one model that all keys may use; a name with a pattern in it is none. */
function modelOf(keys: readonly EnvKey[]): Values {
  const [model, ...others] = new Set(keys.flatMap(({ models = [] }) => models));
  const isOne = model !== undefined && others.length === 0 && keys.every(({ models = [] }) => models.length === 1);
  return isOne && !/[*]|^all-/.test(model) ? { model } : {};
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
