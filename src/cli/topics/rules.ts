import { FIELD_NAMES } from '../../kinds/key.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `version: 1
rules:
  keys:
    ends_within: 90d # each key has an end, at most so long from now
    required: [user_id]
    metadata: [cost_center]
    models: [gpt-4o-mini, 'claude-*'] # no others, and never all
    max_budget: { most: 50 } # there is one, and it is not more
    budget_duration: { least: 30d }
    user_id: '*@example.com'
    guardrails: [pii] # each key has these, others too
    blocked: false
    aliases: null # no key has them
  teams:
    max_budget: { most: 500 }
    metadata: [cost_center]
  users:
    user_id: '*@example.com'
    user_role: [internal_user, internal_user_viewer]`;

/** By what the field is. */
const FORMS = [
  ['number, duration', '{most: 50, least: 1}', 'bounds; none is no limit, so it is more than any `most`'],
  ['text', "'*@example.com', or a list", 'what it may be'],
  ['list', '[gpt-4o-mini]', 'what may be in it; where none means all, there has to be one'],
  ['list of what calls need', '[pii]', 'what has to be in it: enforced_params, guardrails, policies, tags'],
  ['true or false', 'false', 'what it has to be'],
  ['any', 'null', 'it may not be set'],
];

export function blocks(): readonly Block[] {
  const keys = partOf(specJsonSchema(), 'properties', 'rules', 'properties', 'keys');
  return [
    text(
      'Rules say what every key, team and user must have and may not exceed. In a spec, `rules:` hold for what is of its set.',
      'A file that has nothing else holds for all specs that are read with it, and the one that VKEYS_RULES names for all of',
      'them, and for `create` and `update`. A spec can tighten such rules, and not loosen them.',
    ),
    shell(
      'vkeys validate -f vkeys.yaml   # each breach with its line and column, and the rule',
      'export VKEYS_RULES=rules.yaml  # for a whole organisation',
      'vkeys create mine --duration 8h',
      'vkeys check --all              # what is live; 5 where something breaks a rule',
    ),
    heading('An example'),
    listing('yaml', EXAMPLE),
    heading('The rules of keys'),
    table(['rule', 'what it is', 'about'], memberRows(keys, FIELD_NAMES)),
    text(
      'And one for each field (`vkeys help fields`). Teams and users have the same, but for `ends_within`, with their own',
      'names and fields (`vkeys help people`). In texts `*` is any text, and `?` any one character.',
    ),
    table(['field', 'for example', 'about'], FORMS),
    heading('When they are looked at'),
    text(
      '`validate`, `plan`, `apply` and `create` look at the whole thing: what a spec does not say is not there. `update` looks',
      'at what it changes. What is to be deleted keeps to no rule. Ends are counted from now, and a month is 31 days.',
    ),
    text(
      '`check` looks at what a server has of the kinds that have rules, changes nothing, and ends with 5 where something breaks',
      "one: what is of the specs' sets, or what `--set`, `--user`, `--team`, `--all` name; `--key` and `--status` name keys alone.",
      'The rules of a spec hold there for its own set too.',
    ),
  ];
}
