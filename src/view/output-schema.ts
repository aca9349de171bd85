/**
 * The JSON Schema of what `-o json` prints, whatever the command and whatever failed: what a script may rely on, and what
 * the tests hold every command to. `vkeys schema --output` prints it.
 */
import { DEFINITIONS } from './output-definitions.ts';
import { exactly, flag, listOf, moment, natural, text, textOrNull, texts } from './schema-terms.ts';

function ref(name: keyof typeof DEFINITIONS) {
  return { $ref: `#/$defs/${name}` } as const;
}

const THINGS = listOf(ref('thing'));

/** Of every command. */
const COMMON = {
  version: { const: 1 },
  changed: { ...flag, description: 'Whether anything was done, on a server or to a file.' },
  started: moment,
  ended: moment,
  summary: ref('summary'),
  sets: listOf(ref('set')),
  keys: listOf({
    anyOf: [
      ref('changedKey'),
      ref('plannedKey'),
      ref('liveKey'),
      ref('chosenKey'),
      ref('wantedKey'),
      ref('knownKey'),
      ref('heldKey'),
      ref('verifiedKey'),
    ],
  }),
  teams: THINGS,
  users: THINGS,
  members: THINGS,
  budgets: THINGS,
  notices: listOf(ref('notice')),
  error: {
    anyOf: [ref('error'), { type: 'null' }],
    description: 'What stopped the command. Single keys that failed have an error of their own.',
  },
} as const;

/** Of single commands. */
const SINGLE = {
  diagnostics: { ...listOf(ref('diagnostic')), description: 'Where a spec is wrong.' },
  breaches: { ...listOf(ref('breach')), description: 'check: rules that something of the server breaks' },
  checked: { ...natural, description: 'check: how many keys, teams and users were looked at' },
  models: { ...texts, description: 'models' },
  usage: { ...listOf(ref('usage')), description: 'usage: its rows' },
  usage_of: { ...ref('usageOf'), description: 'usage: what the rows are of' },
  forecast: { ...listOf(ref('forecast')), description: 'budget forecast: its rows, what is most pressing first' },
  forecast_of: { ...ref('forecastOf'), description: 'budget forecast: what the rows are of' },
  handout: { ...ref('handout'), description: 'handout: for how many, and the files' },
  account: { ...ref('account'), description: 'close: who had what, used what, and that nothing is left' },
  files: { ...texts, description: 'close: what was written' },
  standings: { ...listOf(ref('standing')), description: 'status: how keys stand' },
  history: { ...listOf(ref('pastRun')), description: 'history: what was done, a run on a set each' },
  history_of: { ...listOf(ref('historyOf')), description: 'history: the sets whose it is' },
  server_keys: { ...listOf(ref('serverKey')), description: 'history --server: what the server tells of keys' },
  url: { ...text, description: 'doctor, sandbox, status: the server' },
  healthy: { ...flag, description: 'doctor' },
  checks: { ...listOf(ref('check')), description: 'doctor' },
  auth: { ...ref('auth'), description: 'auth status' },
  whoami: { ...ref('whoami'), description: 'whoami: what keys has not' },
  profiles: { ...listOf(ref('profile')), description: 'auth login, logout, profiles: what is saved now' },
  master_key: { ...text, description: 'sandbox' },
  litellm: { ...text, description: 'sandbox: the version that it behaves like' },
  file: { ...textOrNull, description: 'init, export: what was written' },
  spec: { ...text, description: 'init, export: the text of the spec' },
  help: { ...text, description: '--help, help: the text for people' },
  vkeys: { ...text, description: '--version: which vkeys this is' },
} as const;

export const OUTPUT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What vkeys prints with -o json',
  ...exactly(COMMON, SINGLE),
  $defs: DEFINITIONS,
} as const;
