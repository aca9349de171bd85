/** Teams, users, members and budgets in the schema of what `-o json` prints. */
import { ACTIONS } from '../model/change.ts';
import { STATUSES } from '../model/status.ts';
import { THING_VIEWS } from './live-thing.ts';
import {
  atLeast,
  exactly,
  flag,
  listOf,
  numberOrNull,
  object,
  state,
  text,
  textOrNull,
  texts,
} from './schema-terms.ts';

const CHANGED_THING = {
  set: textOrNull,
  action: { enum: ACTIONS },
  reason: textOrNull,
  status: { enum: ['applied', 'failed', 'skipped', 'planned'] },
  changed: flag,
  spend: numberOrNull,
  changes: listOf(exactly({ field: text, from: {}, to: {} })),
  takes: texts,
};

const THING_COLUMNS = Object.values(THING_VIEWS).flatMap(({ columns }) => columns);

const LIVE_THING = {
  budget_duration: textOrNull,
  budget_reset_at: textOrNull,
  tpm_limit: numberOrNull,
  rpm_limit: numberOrNull,
};

const SOME_THINGS = {
  team_alias: textOrNull,
  team_id: text,
  user_id: text,
  member: text,
  budget_id: textOrNull,
  owned_by: textOrNull,
  status: { enum: STATUSES },
  role: text,
  spend: numberOrNull,
  max_budget: numberOrNull,
  max_budget_in_team: numberOrNull,
  models: texts,
  allowed_models: texts,
  budget_source: textOrNull,
  teams: texts,
  members_count: numberOrNull,
  keys_count: numberOrNull,
  key_count: numberOrNull,
  blocked: flag,
  created_at: textOrNull,
  metadata: object,
};

/** What the lists of people and budgets are made of. */
export const THING_DEFINITIONS = {
  thing: {
    description: 'A changedThing, a liveThing, a chosenThing or a wantedThing.',
    anyOf: ['changedThing', 'liveThing', 'chosenThing', 'wantedThing'].map((name) => ({ $ref: `#/$defs/${name}` })),
  },
  changedThing: {
    description: 'What became of a team, a user, a member or a budget, or, planned, what would become of it.',
    ...exactly(CHANGED_THING, {
      team_alias: text,
      budget_id: text,
      member: text,
      team_id: textOrNull,
      user_id: textOrNull,
      error: { $ref: '#/$defs/error' },
    }),
  },
  liveThing: {
    description:
      'A team, a user, a member or a budget as the server has it. What it does not tell is null, fields that are not set are missing. Counts are of keys and members.',
    ...atLeast(LIVE_THING, { ...SOME_THINGS, action: false }),
  },
  chosenThing: {
    description: 'list --columns: those members alone.',
    ...exactly({}, { ...Object.fromEntries(THING_COLUMNS.map((name) => [name, {}])), ...LIVE_THING, ...SOME_THINGS }),
    minProperties: 1,
  },
  wantedThing: {
    description: 'A team, user, member or budget as a spec wants it.',
    ...atLeast({ set: text }, { state, metadata: object, action: false }),
  },
} as const;
