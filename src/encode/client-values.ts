/** The words that the templates of clients have, with their values. Pure. */
import { fill } from '../base/template.ts';
import { ASKING, EXPORTED } from './client-parts.ts';
import { CLIENTS, type Client } from './clients.ts';
import { isFilled, type Values } from './filled.ts';
import { posixWord } from './shell.ts';

/** What the templates of clients may say; a model that is not known has no value. */
export function clientValues(
  api_base_url: string,
  models: { readonly model: string | undefined; readonly small_model: string | undefined },
): Values {
  const { model, small_model = model } = models;
  return {
    api_base_url,
    api_endpoint: api_base_url.replace(/\/v1$/, ''),
    ...(model === undefined ? {} : { model }),
    ...(small_model === undefined ? {} : { small_model }),
  };
}

/** The variables in the words that deliveries have: a key has no small model but its model. */
export function deliveryVariables(client: Client): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(CLIENTS[client].variables).map(([name, text]) => [
      name,
      text.replaceAll('{small_model}', '{model}'),
    ]),
  );
}

/** What a program is to be told that prints the key, as one line of a shell: `{helper}`. */
export function helperLine(values: Values): string {
  return line(ASKING, values);
}

/** What sets the variables of a client in a shell, from where the key was found; a file that has one key needs no name of it. */
export function exportingLine(client: Client, values: Values): string {
  const words = values['name'] === undefined ? EXPORTED : [...EXPORTED, '--', '{name}'];
  return `eval "$(${line(words, { ...values, client })})"`;
}

function line(words: readonly string[], values: Values): string {
  const filled = words.filter((word) => isFilled(word, values)).map((word) => fill(word, values));
  return ['vkeys', ...filled].map(posixWord).join(' ');
}
