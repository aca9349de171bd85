/** The shape of a spec. What concerns several fields or several keys is checked by `expand.ts` and `sets.ts`. */
import * as z from 'zod/mini';
import { SET_NAME } from '../model/resource.ts';
import type { Json } from '../base/json.ts';
import { placeholdersOf } from '../base/template.ts';
import { FIELDS, FIELD_NAMES, type FieldName } from '../kinds/key.ts';
import type { Field } from '../model/fields.ts';
import { isZone, parseMoment } from './moment.ts';
import { MAX_KEYS } from './allowance.ts';
import { rulesSchema } from './rules/schema.ts';
import { described, duration, filled, json, member, object, strict, type Schema } from './schema-parts.ts';

const address = () => z.string().check(z.refine(isUrl, 'url'));

const KINDS = {
  number: () => z.number().check(z.minimum(0)),
  integer: () => z.int().check(z.minimum(0)),
  string: filled,
  duration,
  boolean: () => z.boolean(),
  strings: () => z.array(filled()),
  object,
  objects: () => z.array(object()),
} satisfies Record<Field['kind'], () => Schema<Json>>;

const field = (name: FieldName) => member(z.nullable<Schema<Json>>(KINDS[FIELDS[name].kind]()), FIELDS[name].about);
// oxlint-disable-next-line no-unsafe-type-assertion -- it has these names and no others
const settings = Object.fromEntries(FIELD_NAMES.map((name) => [name, field(name)])) as Record<
  FieldName,
  ReturnType<typeof field>
>;

const state = member(z.enum(['present', 'absent']), 'absent deletes');
const onExpired = member(z.enum(['report', 'recreate']), 'what to do about a key that has ended: report or recreate');

const layer = {
  ...settings,
  duration: member(
    z.nullable(duration()),
    'how long the key lives, counted from its creation, e.g. 30d; null is for ever',
  ),
  expires: member(
    z.nullable(z.string().check(z.refine((value) => parseMoment(value, 'UTC') !== null, 'expires'))),
    'the moment when the key ends, e.g. 2026-12-24T18:00:00Z; with time_zone a day, at its end, e.g. 2026-12-24',
  ),
  metadata: member(object(), 'members of the metadata; null takes one away'),
  on_expired: onExpired,
  extra: member(object(), 'fields that vkeys does not know, sent as they are'),
};

const roster = z.union([
  strict({
    count: member(z.int().check(z.minimum(0), z.maximum(MAX_KEYS)), 'how many users'),
    prefix: member(
      z.string().check(z.refine((value) => placeholdersOf(value).length === 0, 'prefix')),
      "what the users' names begin with: user",
    ),
    start: member(z.int().check(z.minimum(0)), 'the first number: 1'),
    pad: member(z.int().check(z.minimum(0), z.maximum(9)), 'digits to fill with zeros'),
    domain: member(z.string().check(z.regex(/^[^\s@{}]+$/, 'domain')), "makes {user}@{domain} the keys' user_id"),
    file: member(filled(), 'a CSV file; each of its columns is a placeholder'),
    user: member(filled(), 'the column that names the users, where it is not called user'),
    fields: member(
      z.union([z.literal('all'), z.array(filled())]),
      "columns that are fields of each user's key, e.g. [max_budget, models]; all is every one with a field's name",
    ),
  }),
  z.array(z.union([filled(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))])),
]);

export const defaultsSchema = strict(layer);
export const keySchema = strict({
  key_alias: described(filled(), "the key's name; with a roster, a template or what the names begin with"),
  previously: member(
    z.union([filled(), z.array(filled())]),
    'what the key was called before, so that it is renamed and not made anew; written like key_alias',
  ),
  state,
  roster: member(roster, 'a key for each of these users'),
  ...layer,
  overrides: member(z.record(z.string(), strict({ state, ...layer })), 'other values for single users of the roster'),
});
export const deliverySchema = strict({
  dotenv: member(
    z.union([
      filled(),
      strict({
        path: described(filled(), 'the file; {key_alias} and other placeholders may be in it'),
        variables: member(z.record(z.string(), filled()), 'NAME: "{key}", one or more'),
      }),
    ]),
    'a .env file for each key, or for all of them',
  ),
  json: member(filled(), 'a JSON file'),
  csv: member(filled(), 'a CSV file'),
  address: member(address(), "the server's address for who gets these, where it is another one"),
});

const top = {
  version: member(z.literal(1), "the spec's version: 1"),
  set: member(z.string().check(z.regex(SET_NAME, 'set')), "who owns these keys; the file's name if it is not given"),
  server: member(
    strict({
      url: member(z.nullable(address()), 'its address, e.g. https://litellm.example.com'),
      public_url: member(z.nullable(address()), 'its address for users of the keys, where it is another one'),
    }),
    'the LiteLLM proxy',
  ),
  time_zone: member(
    z.string().check(z.refine(isZone, 'time_zone')),
    'where expires: 2026-12-24 is the end of the day, e.g. Europe/Berlin',
  ),
  state,
  on_expired: onExpired,
};

/** A spec without its lists, which are read item by item so that one that is wrong does not hide the others. */
export const headSchema = strict({
  ...top,
  defaults: z.optional(json),
  keys: z.array(json),
  deliver: z.optional(z.array(json)),
  rules: z.optional(json),
});
/** A whole spec. */
export const specSchema = strict({
  ...top,
  defaults: member(defaultsSchema, 'for every key'),
  keys: described(z.array(keySchema), 'the keys'),
  deliver: member(z.array(deliverySchema), 'where new keys go'),
  rules: member(rulesSchema, 'what they have to keep to'),
});

z.globalRegistry.add(deliverySchema, { oneOf: ['dotenv', 'json', 'csv'].map((to) => ({ required: [to] })) });

export type Layer = z.infer<typeof defaultsSchema>;
export type KeyEntry = z.infer<typeof keySchema>;
export type RosterEntry = z.infer<typeof roster>;
export type RosterMapping = Exclude<RosterEntry, readonly unknown[]>;
export type DeliveryEntry = z.infer<typeof deliverySchema>;

function isUrl(text: string): boolean {
  if (!URL.canParse(text) || placeholdersOf(text).length > 0) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
