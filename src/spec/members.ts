/** The members of teams. A member's name in the plan is `TEAM/USER`, and it is known by the ids of both. */
import type { Json } from '../base/json.ts';
import type { DesiredAt } from './desired.ts';
import type { Common } from './expand.ts';
import { MEMBER_FORM, type Entry } from './forms.ts';
import { guess } from './guess.ts';
import type { LayerAt } from './layers.ts';
import { expandAll, type Expanded } from './items.ts';
import type { Policies } from './policies.ts';
import { diagnose, quoted } from './read/text.ts';
import type { Path } from './read/tree.ts';

/** The limits of a budget under the names that a member has them. */
const LIMITS: Readonly<Record<string, string>> = {
  max_budget: 'max_budget_in_team',
  budget_duration: 'budget_duration',
  tpm_limit: 'tpm_limit',
  rpm_limit: 'rpm_limit',
};

/** The teams of a document, each followed by its members. */
export async function membersOf(
  teams: readonly Expanded[],
  budgets: readonly DesiredAt[],
  policies: Policies,
  common: Common,
): Promise<readonly DesiredAt[]> {
  const all: DesiredAt[] = [];
  for (const { entry, path, things } of teams) {
    const listed = listIn(entry);
    if (listed === null) {
      all.push(...things);
      continue;
    }
    const under = (item: Json, at: Path): readonly LayerAt[] => budgetUnder(item, at, budgets, common);
    const list = { items: listed.items, path: [...path, 'members', ...listed.within] };
    const read = await expandAll({ ...list, form: MEMBER_FORM, under, policies }, common);
    const users = read.flatMap((one) => one.things);
    for (const team of things) {
      const admins = users.filter(({ settings, state }) => settings['role'] === 'admin' && state === 'present');
      const settings = {
        ...team.settings,
        ...(admins.length === 0 ? {} : { admins: admins.map(({ ref }) => ref.name) }),
      };
      all.push({ ...team, settings, ...(listed.isWhole ? { whole: ['member'] } : {}) });
      all.push(...users.map((user) => memberOf(user, team)));
    }
  }
  return all;
}

type Listed = { readonly items: readonly Json[]; readonly within: Path; readonly isWhole: boolean };

/** `isWhole`: they are all that there are to be. */
function listIn(entry: Entry): Listed | null {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the schema of teams has let it in
  const { members } = entry as { readonly members?: readonly Json[] | { readonly only: readonly Json[] } };
  if (members === undefined) return null;
  return 'only' in members
    ? { items: members.only, within: ['only'], isWhole: true }
    : { items: members, within: [], isWhole: false };
}

/** The limits of the budget that a member names. */
function budgetUnder(
  item: Json,
  path: Path,
  budgets: readonly DesiredAt[],
  { source, report }: Common,
): readonly LayerAt[] {
  const name = typeof item === 'object' && item !== null && 'budget' in item ? item['budget'] : undefined;
  if (typeof name !== 'string') return [];
  const budget = budgets.find(({ ref }) => ref.name === name);
  if (budget === undefined) {
    const names = budgets.map(({ ref }) => ref.name);
    const message = `There is no budget ${quoted(name)} in this file.${guess(name, names)}`;
    const hint = 'Write it under budgets:, or give the member max_budget_in_team.';
    report(diagnose(source.text, source.at([...path, 'budget']), { rule: 'budget', message, hint }));
    return [];
  }
  const limits = Object.entries(LIMITS).flatMap(([field, own]) => {
    const value = budget.settings[field];
    return value === undefined ? [] : [[own, value] as const];
  });
  return [{ layer: Object.fromEntries(limits), path, fields: MEMBER_FORM.facts.fields }];
}

function memberOf(user: DesiredAt, team: DesiredAt): DesiredAt {
  const user_id = user.ref.name;
  return {
    ...user,
    ref: { kind: 'member', name: `${team.ref.name}/${user_id}` },
    state: team.state === 'absent' ? 'absent' : user.state,
    settings: { ...user.settings, user_id },
    names: { ...user.names, team_id: team.ref.name },
    placeholders: { ...user.placeholders, team_alias: team.ref.name },
  };
}
