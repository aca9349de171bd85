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
  const [first] = keys;
  if (first === undefined) return '';
  const variables = new Map<string, string>();
  for (const { key_alias, secret } of keys) {
    const name = keys.length === 1 ? 'OPENAI_API_KEY' : variableName(`${variablePart(key_alias)}_API_KEY`);
    if (variables.has(name)) {
      throw new VkeysError(
        'usage',
        `${oneLine(key_alias)} and another key would both be ${name}.`,
        'Print them one at a time, or use -o json.',
      );
    }
    variables.set(name, secret.reveal());
  }
  variables.set('OPENAI_BASE_URL', api_base_url);
  return [...variables].map(([name, value]) => `${name}=${quote(name, value)}\n`).join('');
}
