/** The shape of a spec. What concerns several fields or several keys is checked by `expand.ts` and `sets.ts`. */
import * as z from 'zod/mini';
import { SET_NAME } from '../model/resource.ts';
import { defaultsSchema, keySchema, onExpired, state } from './key-schema.ts';
import { isZone } from './moment.ts';
import { peopleHeads, peopleLists } from './people-schema.ts';
import { address, described, filled, json, member, strict } from './schema-parts.ts';
import { rulesSchema } from './rules/schema.ts';

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
  ...peopleHeads,
  keys: z.optional(z.array(json)),
  deliver: z.optional(z.array(json)),
  rules: z.optional(json),
});
/** A whole spec. */
export const specSchema = strict({
  ...top,
  defaults: member(defaultsSchema, 'for every key'),
  ...peopleLists,
  keys: member(z.array(keySchema), 'the keys'),
  deliver: member(z.array(deliverySchema), 'where new keys go'),
  rules: member(rulesSchema, 'what they have to keep to'),
});

z.globalRegistry.add(deliverySchema, { oneOf: ['dotenv', 'json', 'csv'].map((to) => ({ required: [to] })) });

export type DeliveryEntry = z.infer<typeof deliverySchema>;
