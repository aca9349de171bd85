import { ERROR_KINDS } from '../base/errors.ts';
import { FIELD_NAMES } from '../kinds/key.ts';
import { ACTIONS } from '../model/change.ts';
import { HELD_STATES } from '../model/place.ts';
import { KEY_STATES } from '../model/key-state.ts';
import { STATUSES } from '../model/status.ts';
import { VERDICTS } from '../model/verified.ts';
import {
  atLeast,
  exactly,
  flag,
  hash,
  listOf,
  natural,
  numberOrNull,
  object,
  state,
  text,
  textOrNull,
  texts,
} from './schema-terms.ts';
import { ACCOUNT_DEFINITIONS } from './account-definitions.ts';
import { HISTORY_DEFINITIONS } from './history-definitions.ts';
import { STANDING_DEFINITIONS } from './standing-definitions.ts';
import { THING_DEFINITIONS } from './thing-definitions.ts';
import { USAGE_DEFINITIONS } from './usage-definitions.ts';

const CHANGED_KEY = {
  set: textOrNull,
  key_alias: text,
  user: textOrNull,
  user_id: textOrNull,
  action: { enum: ACTIONS },
  reason: textOrNull,
  changed: flag,
  key_id: hash,
  models: texts,
  expires: textOrNull,
  max_budget: numberOrNull,
  spend: numberOrNull,
  total_spend: numberOrNull,
  changes: listOf(exactly({ field: text, from: {}, to: {} })),
  takes: texts,
  places: texts,
};

const LIVE_KEY = {
  key_alias: textOrNull,
  key_id: hash,
  key_name: textOrNull,
  owned_by: textOrNull,
  status: { enum: STATUSES },
  user_id: textOrNull,
  team_id: textOrNull,
  shared_with: texts,
  models: texts,
  spend: { type: 'number' },
  total_spend: numberOrNull,
  model_spend: { type: ['object', 'null'] },
  max_budget: numberOrNull,
  budget_duration: textOrNull,
  budget_reset_at: textOrNull,
  tpm_limit: numberOrNull,
  rpm_limit: numberOrNull,
  max_parallel_requests: numberOrNull,
  blocked: flag,
  created_at: textOrNull,
  last_active: textOrNull,
  expires: textOrNull,
  metadata: object,
};

/** With `list --accessible-to`: whose it is, or with whom it is shared. */
const ACCESS = { type: 'string', pattern: '^(own|shared|group .+)$' };

const HELD = listOf(exactly({ sink: text, path: text, state: { enum: HELD_STATES }, why: textOrNull }));

/** What the members of a document are made of. */
export const DEFINITIONS = {
  summary: {
    description: 'How many keys each action concerned, and how many failed or were not tried.',
    ...exactly(Object.fromEntries([...ACTIONS, 'failed', 'skipped'].map((name) => [name, natural]))),
  },
  set: {
    description:
      'One set of a run. litellm_version: after a change, where it is told. written, withdrawn: files that got secrets, and from which secrets were taken.',
    ...exactly({
      set: textOrNull,
      url: textOrNull,
      api_base_url: textOrNull,
      litellm_version: textOrNull,
      state,
      changed: flag,
      summary: { $ref: '#/$defs/summary' },
      missing: texts,
      written: texts,
      withdrawn: texts,
    }),
  },
  changedKey: {
    description:
      'What became of a key. spend, total_spend: in US dollars; the last ones of one that was deleted. key: its secret, where it is known and --no-secrets was not given.',
    ...exactly(
      { ...CHANGED_KEY, status: { enum: ['applied', 'failed', 'skipped'] } },
      { key: text, error: { $ref: '#/$defs/error' } },
    ),
  },
  plannedKey: {
    description: 'What would become of a key.',
    ...exactly({ ...CHANGED_KEY, status: { const: 'planned' } }),
  },
  ...THING_DEFINITIONS,
  liveKey: {
    description: 'A key as the server has it; fields that it does not have are null. owned_by is its set.',
    ...atLeast(LIVE_KEY, { key: text, access: ACCESS, action: false }),
  },
  chosenKey: {
    description: 'list --columns: those members alone.',
    ...exactly({}, { ...Object.fromEntries(FIELD_NAMES.map((name) => [name, {}])), ...LIVE_KEY, access: ACCESS }),
    minProperties: 1,
  },
  heldKey: {
    description: 'deliver --check: a key and its places.',
    ...exactly({
      set: text,
      key_alias: text,
      known: flag,
      held: HELD,
    }),
  },
  verifiedKey: {
    description: 'verify: what its server said to it, and what its places hold.',
    ...exactly({
      set: textOrNull,
      key_alias: text,
      key_id: hash,
      url: text,
      state: { enum: VERDICTS },
      why: textOrNull,
      models: texts,
      held: HELD,
    }),
  },
  wantedKey: {
    description: 'A key as a spec wants it, without a server: fields that it does not manage are missing.',
    ...atLeast({ set: text, key_alias: text }, { user: text, state, metadata: object, action: false, key_id: false }),
  },
  knownKey: {
    description: 'A key whose secret this machine remembers. state: pending until all is delivered.',
    ...exactly({
      name: text,
      key_id: hash,
      set: text,
      server: text,
      state: { enum: ['pending', 'done', 'gone'] },
      minted_at: text,
      expires: textOrNull,
      gone_at: textOrNull,
      places: texts,
    }),
  },
  ...USAGE_DEFINITIONS,
  ...STANDING_DEFINITIONS,
  ...HISTORY_DEFINITIONS,
  ...ACCOUNT_DEFINITIONS,
  notice: {
    description: 'Worth saying. level refusal: it stops the run. ref: kind/name of what it is about.',
    ...exactly({
      level: { enum: ['notice', 'refusal'] },
      code: text,
      set: textOrNull,
      ref: textOrNull,
      message: text,
      hint: textOrNull,
    }),
  },
  error: {
    description:
      'What went wrong and what to do next. stderr has the same in words. Errors of a server have its status.',
    ...atLeast({ kind: { enum: ERROR_KINDS }, message: text, hint: text }),
  },
  diagnostic: {
    description: 'A problem of a spec, with its place (from 1).',
    ...exactly({ file: text, line: natural, column: natural, rule: text, message: text, hint: text, frame: text }),
  },
  breach: {
    description: 'A rule that is broken. found: what is there instead; place: where the rule stands.',
    ...exactly(
      { owned_by: textOrNull, field: text, found: text, rule: text, place: text },
      { key_alias: textOrNull, key_id: hash, team_alias: textOrNull, team_id: textOrNull, user_id: textOrNull },
    ),
  },
  handout: {
    description: 'For how many, all files, those that changed, and those that were taken away.',
    ...exactly({ attendees: natural, files: texts, written: texts, withdrawn: texts }),
  },
  check: {
    description: 'What doctor looked at.',
    ...exactly({
      name: text,
      state: { enum: ['ok', 'note', 'warning', 'failed'] },
      message: text,
      hint: textOrNull,
    }),
  },
  auth: {
    description:
      'The credential, where it came from, whose it is. routes: beside those that vkeys needs; allowed is empty for all.',
    ...exactly({
      url: text,
      kind: text,
      source: text,
      user_id: textOrNull,
      key_alias: textOrNull,
      role: textOrNull,
      rights: text,
      routes: exactly({ allowed: texts, beyond: texts, lacking: texts }),
      looked: listOf(exactly({ source: text, state: text })),
    }),
  },
  whoami: {
    description: 'What the server says to a key.',
    ...exactly({
      url: text,
      key_id: hash,
      state: { enum: KEY_STATES },
      why: textOrNull,
      models: { type: ['array', 'null'], items: text },
    }),
  },
  profile: {
    description: 'A saved connection.',
    ...exactly({ name: text, url: text, credential: textOrNull, current: flag }),
  },
} as const;
