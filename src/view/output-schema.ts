/**
 * The JSON Schema of what `-o json` prints, whatever the command and whatever failed: what a script may rely on, and what
 * the tests hold every command to. `vkeys schema --output` prints it.
 */
import { ERROR_KINDS } from '../base/errors.ts';
import { ACTIONS } from '../model/change.ts';

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const numberOrNull = { type: ['number', 'null'] } as const;
const natural = { type: 'integer', minimum: 0 } as const;
const flag = { type: 'boolean' } as const;
const hash = { type: ['string', 'null'], pattern: '^[0-9a-f]{64}$' } as const;
const moment = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z$' } as const;
const state = { enum: ['present', 'absent'] } as const;
const object = { type: 'object' } as const;
const texts = listOf(text);

type Members = Readonly<Record<string, unknown>>;

/** An object with all these members and no others, but for those that it may have. */
function exactly(members: Members, more: Members = {}) {
  const properties = { ...members, ...more };
  return { type: 'object', properties, required: Object.keys(members), additionalProperties: false } as const;
}

/** An object with all these members, and more under LiteLLM's names. */
function atLeast(properties: Members, more: Members = {}) {
  return { type: 'object', properties: { ...properties, ...more }, required: Object.keys(properties) } as const;
}

function listOf(items: unknown) {
  return { type: 'array', items } as const;
}

function ref(name: keyof typeof DEFINITIONS) {
  return { $ref: `#/$defs/${name}` } as const;
}

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
  changes: listOf(exactly({ field: text, from: {}, to: {} })),
  takes: texts,
  places: texts,
};

const DEFINITIONS = {
  summary: {
    description: 'How many keys each action concerned, and how many failed or were not tried.',
    ...exactly(Object.fromEntries([...ACTIONS, 'failed', 'skipped'].map((name) => [name, natural]))),
  },
  set: {
    description: 'One set of a run. written, withdrawn: files that got secrets, and from which secrets were taken.',
    ...exactly({
      set: textOrNull,
      url: textOrNull,
      api_base_url: textOrNull,
      state,
      changed: flag,
      summary: { $ref: '#/$defs/summary' },
      missing: texts,
      written: texts,
      withdrawn: texts,
    }),
  },
  changedKey: {
    description: 'What became of a key. key: its secret, where it is known and --no-secrets was not given.',
    ...exactly(
      { ...CHANGED_KEY, status: { enum: ['applied', 'failed', 'skipped'] } },
      { key: text, error: { $ref: '#/$defs/error' } },
    ),
  },
  plannedKey: {
    description: 'What would become of a key.',
    ...exactly({ ...CHANGED_KEY, status: { const: 'planned' } }),
  },
  liveKey: {
    description: 'A key as the server has it; fields that it does not have are null. owned_by is its set.',
    ...atLeast(
      {
        key_alias: textOrNull,
        key_id: hash,
        key_name: textOrNull,
        owned_by: textOrNull,
        status: { enum: ['active', 'blocked', 'expired', 'over_budget'] },
        user_id: textOrNull,
        team_id: textOrNull,
        models: texts,
        spend: { type: 'number' },
        max_budget: numberOrNull,
        budget_duration: textOrNull,
        budget_reset_at: textOrNull,
        tpm_limit: numberOrNull,
        rpm_limit: numberOrNull,
        max_parallel_requests: numberOrNull,
        blocked: flag,
        created_at: textOrNull,
        expires: textOrNull,
        metadata: object,
      },
      { key: text, action: false },
    ),
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
    description: 'Which credential is used, where it came from, who that is, and what else was looked at.',
    ...exactly({
      url: text,
      kind: text,
      source: text,
      user_id: textOrNull,
      key_alias: textOrNull,
      role: textOrNull,
      rights: text,
      looked: listOf(exactly({ source: text, state: text })),
    }),
  },
  profile: {
    description: 'A saved connection.',
    ...exactly({ name: text, url: text, credential: textOrNull, current: flag }),
  },
} as const;

/** Of every command. */
const COMMON = {
  version: { const: 1 },
  changed: { ...flag, description: 'Whether anything was done, on a server or to a file.' },
  started: moment,
  ended: moment,
  summary: ref('summary'),
  sets: listOf(ref('set')),
  keys: listOf({ anyOf: [ref('changedKey'), ref('plannedKey'), ref('liveKey'), ref('wantedKey'), ref('knownKey')] }),
  teams: { ...listOf(object), maxItems: 0 },
  users: { ...listOf(object), maxItems: 0 },
  notices: listOf(ref('notice')),
  error: {
    anyOf: [ref('error'), { type: 'null' }],
    description: 'What stopped the command. Single keys that failed have an error of their own.',
  },
} as const;

/** Of single commands. */
const SINGLE = {
  diagnostics: { ...listOf(ref('diagnostic')), description: 'Where a spec is wrong.' },
  models: { ...texts, description: 'models' },
  url: { ...text, description: 'doctor, sandbox: the server' },
  healthy: { ...flag, description: 'doctor' },
  checks: { ...listOf(ref('check')), description: 'doctor' },
  auth: { ...ref('auth'), description: 'auth status' },
  profiles: { ...listOf(ref('profile')), description: 'auth login, logout, profiles: what is saved now' },
  master_key: { ...text, description: 'sandbox' },
  litellm: { ...text, description: 'sandbox: the version that it behaves like' },
  file: { ...textOrNull, description: 'init: what was written' },
  spec: { ...text, description: 'init: the starter' },
} as const;

export const OUTPUT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What vkeys prints with -o json',
  ...exactly(COMMON, SINGLE),
  $defs: DEFINITIONS,
} as const;
