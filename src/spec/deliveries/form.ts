/** How deliveries are written in a spec: a file for each sink has its schema, and says what it means. */
import * as z from 'zod/mini';
import { resolve } from 'node:path';
import { deliveryVariables } from '../../encode/client-values.ts';
import { CLIENTS, type Client } from '../../encode/clients.ts';
import type { Content, Delivery, Variables } from '../../model/delivery.ts';
import { filled, member, type Schema } from '../schema-parts.ts';
import type { Trouble } from './collisions.ts';

/** What an item says under the name of its sink. */
export type DeliveryForm<Entry = unknown> = {
  readonly about: string;
  readonly schema: Schema<Entry>;
  /** What it means, or what is wrong with it. */
  delivery(entry: Entry, where: Where): Meaning | Promise<Meaning>;
};
export type Meaning = (Content & Pick<Delivery, 'path' | 'optional'>) | Trouble;

/** Where relative paths start, and how a file of text is read from there: its text, or why there is none. */
export type Where = {
  readonly folder: string;
  readonly read: (path: string) => Promise<string | Trouble>;
};

export function pathIn({ folder }: Where, path: string): string {
  return resolve(folder, path);
}

// oxlint-disable-next-line no-unsafe-type-assertion -- the names of a literal
const NAMES = Object.keys(CLIENTS) as Client[];

/** The members of a sink that writes named values. */
export const VARIABLE_MEMBERS = {
  variables: member(z.record(z.string(), filled()), 'NAME: "{key}", one or more'),
  for: member(z.enum(NAMES), 'the variables of this client; those of variables: come on top'),
};
type VariableEntry = { readonly variables?: Variables | undefined; readonly for?: Client | undefined };

const USUAL: Variables = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };

/** The variables of an entry; of a client those that a key has nothing for are left out. */
export function variablesIn(
  { variables, for: client }: VariableEntry,
  usual: Variables = USUAL,
): { readonly variables: Variables; readonly optional?: readonly string[] } {
  if (client === undefined) return { variables: variables ?? usual };
  const own = deliveryVariables(client);
  return { variables: { ...own, ...variables }, optional: Object.keys(own) };
}
