/** The shapes of budgets, users, teams and their members in a spec, and of policies. */
import * as z from 'zod/mini';
import { BUDGET } from '../kinds/budget.ts';
import { FIELDS } from '../kinds/key.ts';
import { MEMBER } from '../kinds/member.ts';
import { TEAM } from '../kinds/team.ts';
import { USER } from '../kinds/user.ts';
import { state } from './key-schema.ts';
import { rosterSchema } from './roster-schema.ts';
import { described, filled, json, member, named, object, settingsOf, strict } from './schema-parts.ts';

const open = {
  metadata: member(object(), 'members of the metadata; null takes one away'),
  extra: member(object(), 'fields that vkeys does not know, sent as they are'),
};
const policy = member(filled(), 'the name of a policy, whose fields count where none of its own do');
const roster = member(rosterSchema, 'one for each of these users');

export const budgetSchema = strict({
  budget_id: described(filled(), 'its name, which is its id'),
  state,
  ...settingsOf(BUDGET.fields),
  extra: open.extra,
});

export const userLayerSchema = strict({ ...settingsOf(USER.fields), ...open });
export const userSchema = strict({
  user_id: described(filled(), 'its id: a name or an address; with a roster, a template or what the ids begin with'),
  state,
  roster,
  policy,
  ...settingsOf(USER.fields),
  ...open,
  overrides: member(
    z.record(z.string(), strict({ state, ...settingsOf(USER.fields), ...open })),
    'other values for single users of the roster',
  ),
});

const { admins: _admins, ...teamFields } = TEAM.fields;
const { team_id: _team, user_id: _user, ...memberFields } = MEMBER.fields;

export const memberLayerSchema = strict(settingsOf(memberFields));
export const memberSchema = strict({
  user_id: described(filled(), 'who; with a roster, a template'),
  state,
  roster,
  budget: member(filled(), 'a budget of this file, whose limits the member has in the team'),
  ...settingsOf(memberFields),
});

export const teamLayerSchema = strict({ ...settingsOf(teamFields), ...open });
export const teamSchema = strict({
  team_alias: described(filled(), 'its name; with a roster, a template or what the names begin with'),
  team_id: member(named(), 'its id, where it is not to be made from the set and the name'),
  previously: member(z.union([filled(), z.array(filled())]), 'what the team was called before'),
  state,
  roster,
  policy,
  ...settingsOf(teamFields),
  ...open,
  members: member(
    z.union([z.array(memberSchema), strict({ only: described(z.array(memberSchema), 'these, and nobody else') })]),
    'who is in it; others stay, unless only says that these are all',
  ),
});

/** Fields that a key, a user or a team may have. */
export const policySchema = strict({ ...settingsOf({ ...FIELDS, ...USER.fields, ...teamFields }), ...open });

export const groupSchema = z.union([
  z.array(filled()),
  strict({
    roster: described(rosterSchema, 'these users; a column may name the group: {Lab}'),
    user_id: member(filled(), "a template of their ids, where they are not the roster's user_id or user"),
  }),
]);

/** The lists of people, each item of which is read by itself. */
export const peopleLists = {
  budgets: member(z.array(budgetSchema), 'limits with a name, for keys and members'),
  users: member(z.array(userSchema), 'the users'),
  teams: member(z.array(teamSchema), 'the teams, with their members'),
  policies: member(z.record(z.string(), policySchema), 'bundles of fields with a name, for policy: NAME'),
  groups: member(z.record(z.string(), groupSchema), 'users under a name, for shared_with of a key'),
};
/** The same, unread. */
export const peopleHeads = {
  budgets: z.optional(z.array(json)),
  users: z.optional(z.array(json)),
  teams: z.optional(z.array(json)),
  policies: z.optional(z.record(z.string(), json)),
  groups: z.optional(z.record(z.string(), json)),
};
