import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { oneLine } from '../encode/terminal.ts';
import { quote, variableName, variablePart } from '../encode/variable.ts';

/**
 * Keys as variables: `OPENAI_API_KEY` and `OPENAI_BASE_URL` for one, `LAB_ADA_API_KEY` … for several. Throws `usage`
 * when two aliases make the same name.
 */
export function envText(
  keys: readonly { readonly key_alias: string; readonly secret: Secret }[],
  api_base_url: string,
): string {
  if (keys.length === 0) return '';
  const names = namesFor(keys.map(({ key_alias }) => key_alias));
  const variables = keys.map(({ secret }, index) => [names[index] ?? '', secret.reveal()] as const);
  return [...variables, ['OPENAI_BASE_URL', api_base_url] as const]
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join('');
}

/** The variables of keys with these aliases. Throws `usage` when two would have one name. */
function namesFor(aliases: readonly string[]): readonly string[] {
  const names = aliases.map((alias) =>
    aliases.length === 1 ? 'OPENAI_API_KEY' : variableName(`${variablePart(alias)}_API_KEY`),
  );
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice === -1) return names;
  throw new VkeysError(
    'usage',
    `${oneLine(aliases[twice] ?? '')} and another key would both be ${String(names[twice])}.`,
    'Print them one at a time, or use -o json.',
  );
}
