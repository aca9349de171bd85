/** The shape of a roster. */
import * as z from 'zod/mini';
import { placeholdersOf } from '../base/template.ts';
import { MAX_KEYS } from './allowance.ts';
import { filled, member, strict } from './schema-parts.ts';

export const rosterSchema = z.union([
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

export type RosterEntry = z.infer<typeof rosterSchema>;
export type RosterMapping = Exclude<RosterEntry, readonly unknown[]>;
