/** The shape of a spec. What concerns several fields or several keys is checked by `expand.ts` and `sets.ts`. */
import * as z from 'zod/mini';
import { SET_NAME } from '../model/resource.ts';
import { defaultsSchema, keySchema, onExpired, onLost, state } from './key-schema.ts';
import { deliverySchema } from './deliveries/item.ts';
import { isZone } from './moment.ts';
import { peopleHeads, peopleLists } from './people-schema.ts';
import { address, json, member, strict } from './schema-parts.ts';
import { rulesSchema } from './rules/schema.ts';

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
  on_lost: onLost,
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
