import { BUDGET } from '../../kinds/budget.ts';
import { MEMBER } from '../../kinds/member.ts';
import { TEAM } from '../../kinds/team.ts';
import { USER } from '../../kinds/user.ts';
import type { JsonObject } from '../../base/json.ts';
import type { KindFacts } from '../../model/kind.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { memberNames, memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `version: 1
set: research
policies:
  standard: { models: [gpt-4o-mini], max_budget: 100, budget_duration: 30d }
budgets: [{ budget_id: frugal, max_budget: 20, budget_duration: 30d }]
users:
  - { user_id: ada@example.com, user_role: internal_user }
  - { user_id: grace@example.com }
teams:
  - team_alias: research
    policy: standard
    members:
      - { user_id: ada@example.com, role: admin }
      - { user_id: grace@example.com, budget: frugal }
keys:
  - { key_alias: ada-lab, team: research, user: ada@example.com }`;

const HEADINGS = ['member', 'what it is', 'about'];
const LISTS = [
  ['budgets', BUDGET],
  ['users', USER],
  ['teams', TEAM],
] as const;
const INNER = ['roster.', 'overrides.', 'members.'];

export function blocks(): readonly Block[] {
  const schema = specJsonSchema();
  const partsOf = (list: string) => partOf(schema, 'properties', list, 'items');
  const member = partOf(partsOf('teams'), 'properties', 'members', 'anyOf', '0', 'items');
  return [
    text(
      'Budgets, users and teams stand in a spec beside keys, and are planned, applied and deleted with them: in this order',
      'they are made, and in the reverse they go. A file may have any of the lists.',
    ),
    shell(
      'vkeys plan -f vkeys.yaml         # what would change, keys that go along included',
      "vkeys apply -f vkeys.yaml --only 'team/*'",
    ),
    heading('An example'),
    listing('yaml', EXAMPLE),
    heading('Who is who'),
    text(
      'A team is known by its id, which is made from the set and its name unless `team_id` gives it; a user and a budget by',
      'theirs; a member by both. `team:`, `user:` and `budget:` of a key are names, looked up in the specs of the run, then on',
      'the server: what is nowhere is an error before anything is changed. What somebody else made is taken over with `--adopt` alone.',
    ),
    heading('What goes along'),
    text(
      'Deleting a team or a user deletes their keys on the server. The plan lists them, and where they are not of this run,',
      '`--cascade` is needed. A budget is not deleted while a key or member has its limits from it.',
    ),
    heading('Looking at them'),
    text(
      '`vkeys team get` shows a team with its members, `vkeys user get` what a user is in each team; `vkeys team keys` and',
      '`vkeys user keys` list their keys; `list` all. Each is named by its id, or a name that nothing else has.',
    ),
    heading('One at a time'),
    text(
      '`create`, `update` and `delete` of each do without a spec, whoever made what they name. What a spec owns, its next apply',
      'takes back, and says so. Only users who are there become members.',
    ),
    shell(
      'vkeys user create grace@example.com --max-budget 20',
      'vkeys team create class --max-budget 100 --member grace@example.com',
      'vkeys team members class set grace@example.com --max-budget-in-team 10   # or add, remove',
      'vkeys team block class          # every call with its keys is refused',
    ),
    heading('What they use, and when it is spent'),
    shell(
      'vkeys usage --by team,user --since 30d',
      'vkeys budget forecast --close 90% --fail -q    # for cron: 5 where somebody should look',
    ),
    text(
      '`usage` counts refused requests among those that failed: no LiteLLM adds them up apart. `budget forecast` goes on at the',
      'pace of the last days. What starts again or ends before its limit does not reach it; what has neither reaches it some day,',
      'unless `--within 30d` says how far to look. A user pays for what all their keys use, and is stopped with their own alone.',
    ),
    heading('Their fields, under the names of LiteLLM'),
    table(
      ['kind', 'fields'],
      [...LISTS.map(([list, facts]) => [list, fieldsIn(partsOf(list), facts)]), ['members', fieldsIn(member, MEMBER)]],
    ),
    text('What each is, and which versions have it: `vkeys schema`, or your editor with it.'),
    heading('What they may have beside'),
    text('Rosters, `overrides` and placeholders are those of keys: `vkeys help spec`.'),
    table(HEADINGS, [
      ...LISTS.flatMap(([list, facts]) =>
        memberRows(partsOf(list), [...Object.keys(facts.fields), ...INNER], `${list}[].`),
      ),
      ...memberRows(member, [...Object.keys(MEMBER.fields), ...INNER], 'members[].'),
    ]),
  ];
}

/** The fields that a spec may have. */
function fieldsIn(schema: JsonObject, { fields }: KindFacts): string {
  return memberNames(schema)
    .filter((name) => Object.hasOwn(fields, name))
    .join(' ');
}
