/** The shape of a key of a spec, and of what all keys have in common. */
import * as z from 'zod/mini';
import { FIELDS } from '../kinds/key.ts';
import { parseMoment } from './moment.ts';
import { rosterSchema } from './roster-schema.ts';
import { described, duration, filled, member, named, object, settingsOf, strict } from './schema-parts.ts';

export const state = member(z.enum(['present', 'absent']), 'absent deletes');
export const onExpired = member(
  z.enum(['report', 'recreate']),
  'what to do about a key that has ended: report or recreate',
);

export const onLost = member(
  z.enum(['report', 'replace']),
  'what to do about a key whose secret neither the keyring nor any of its places has: report it, or replace it by a new one',
);

const layer = {
  team: member(named(), 'the team that the key belongs to, by its name in this spec or on the server'),
  user: member(named(), "who the key's use is counted for: a user of this spec or of the server"),
  budget: member(named(), 'a budget of this spec or of the server'),
  ...settingsOf(FIELDS),
  duration: member(
    z.nullable(duration()),
    'how long the key lives, counted from its creation, e.g. 30d; null is for ever',
  ),
  expires: member(
    z.nullable(z.string().check(z.refine((value) => parseMoment(value, 'UTC') !== null, 'expires'))),
    'the moment when the key ends, e.g. 2026-12-24T18:00:00Z; with time_zone a day, at its end, e.g. 2026-12-24',
  ),
  opens: member(
    z.nullable(z.string().check(z.refine((value) => parseMoment(value, 'UTC') !== null, 'expires'))),
    'the moment until which the key is blocked, opened by the first apply after it; with time_zone a day, from its beginning',
  ),
  metadata: member(object(), 'members of the metadata; null takes one away'),
  shared_with: member(
    z.nullable(z.array(z.union([filled(), strict({ user_id: filled() })]))),
    'groups of this file and users who have the key too; {user_id: …} is a user of whom the file says nothing else',
  ),
  on_expired: onExpired,
  on_lost: onLost,
  rotate: member(
    z.nullable(
      strict({
        every: described(duration(), 'the age at which apply replaces the secret by a new one, e.g. 60d'),
        grace: member(
          z.union([z.literal(0), z.literal('0'), duration()]),
          'how long the old secret goes on to work then, e.g. 2h; 0 is not at all; an hour if it is not said',
        ),
        keep_spend: member(z.boolean(), 'what was spent counts on with the new secret'),
      }),
    ),
    'when the key gets a new secret under its name, without a gap; null is never',
  ),
  extra: member(object(), 'fields that vkeys does not know, sent as they are'),
};

export const defaultsSchema = strict(layer);
export const keySchema = strict({
  key_alias: described(filled(), "the key's name; with a roster, a template or what the names begin with"),
  previously: member(
    z.union([filled(), z.array(filled())]),
    'what the key was called before, so that it is renamed and not made anew; written like key_alias',
  ),
  state,
  roster: member(rosterSchema, 'a key for each of these users'),
  policy: member(filled(), 'the name of a policy, whose fields count where none of its own do'),
  ...layer,
  overrides: member(z.record(z.string(), strict({ state, ...layer })), 'other values for single users of the roster'),
});
