/** The lists of a document → the things that they ask for, in the order in which they are made. */
import type { Json } from '../base/json.ts';
import type { DesiredAt } from './desired.ts';
import type { Common } from './expand.ts';
import { groupsOf } from './groups.ts';
import { BUDGET_FORM, KEY_FORM, TEAM_FORM, USER_FORM, type Form } from './forms.ts';
import { expandAll, type Expanded } from './items.ts';
import type { LayerAt } from './layers.ts';
import { membersOf } from './members.ts';
import type { Policies } from './policies.ts';
import { sharedThings } from './shared-with.ts';

/** The lists as they stand in the document. */
export type Lists = {
  readonly [list in 'budgets' | 'users' | 'teams' | 'keys']?: readonly Json[] | undefined;
} & { readonly groups?: Readonly<Record<string, Json>> | undefined };

/** What all of them ask for. `defaults` are the keys'. */
export async function thingsIn(
  lists: Lists,
  defaults: LayerAt,
  policies: Policies,
  common: Common,
): Promise<readonly DesiredAt[]> {
  const read = (
    list: Exclude<keyof Lists, 'groups'>,
    form: Form,
    under: readonly LayerAt[] = [],
  ): Promise<readonly Expanded[]> =>
    expandAll({ items: lists[list] ?? [], path: [list], form, under: () => under, policies }, common);
  const budgets = await read('budgets', BUDGET_FORM);
  const users = await read('users', USER_FORM);
  const teams = await read('teams', TEAM_FORM);
  const staffed = await membersOf(teams, budgets.flatMap(thingsOf), policies, common);
  const keys = await read('keys', KEY_FORM, [defaults]);
  const things = [...budgets.flatMap(thingsOf), ...users.flatMap(thingsOf), ...staffed, ...keys.flatMap(thingsOf)];
  return sharedThings(things, await groupsOf(lists.groups ?? {}, common), common);
}

function thingsOf({ things }: Expanded): readonly DesiredAt[] {
  return things;
}
