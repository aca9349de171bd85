import { FIELD_NAMES } from '../../kinds/key.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `version: 1
set: lab # who owns these keys: it stays the same once there are keys
server: { url: "\${LITELLM_BASE_URL}" }
defaults: # for every key below
  models: [gpt-4o-mini]
  duration: 3d
  max_budget: 5
keys:
  - key_alias: lab-instructor
    max_budget: 50
  - key_alias: 'lab-{user}' # a key for each user: lab-ada, lab-grace
    user_id: '{user}@example.com'
    roster: [ada, grace]
    overrides: { ada: { max_budget: 20 } }
deliver:
  - dotenv: 'secrets/{key_alias}.env'
  - csv: secrets/all.csv`;

const HEADINGS = ['member', 'what it is', 'about'];

/** The members are the schema's; a key's fields have a topic of their own. */
export function blocks(): readonly Block[] {
  const schema = specJsonSchema();
  const key = partOf(schema, 'properties', 'keys', 'items');
  return [
    text(
      'YAML or JSON. A field of a key that is absent is left as the server has it, `null` clears it, a value is set.',
      'Texts may have `${NAME}` or `${NAME:-default}` from the environment; `$$` is a dollar sign.',
    ),
    text("`-f` reads an Ansible role's files too, and the resources of the LiteLLM operator: `vkeys help kubernetes`."),
    shell(
      'vkeys init keys.yaml             # a commented spec to begin with',
      'vkeys validate -f vkeys.yaml     # every problem with its line and column, without a server',
      'vkeys plan -f vkeys.yaml         # what would change, field by field',
      'vkeys apply -f vkeys.yaml        # does it; a second time it changes nothing',
      'vkeys schema > vkeys.schema.json # for your editor',
    ),
    heading('An example'),
    listing('yaml', EXAMPLE),
    heading('The file'),
    table(
      HEADINGS,
      memberRows(schema, [
        'defaults.',
        'budgets.',
        'users.',
        'teams.',
        'policies.',
        'groups.',
        'keys.',
        'deliver.',
        'rules.',
      ]),
    ),
    text(
      'Topics of their own have budgets, users, teams and policies (`vkeys help people`), groups (`sharing`), deliveries (`deliveries`, `places`) and rules (`rules`).',
    ),
    heading('A key, and what it may have beside its fields'),
    text(
      '`defaults` and the users in `overrides` take the same, without name and roster. The fields: `vkeys help fields`.',
      'With a roster each of its columns is a placeholder, like `{user}`, for the texts of the key.',
    ),
    table(HEADINGS, memberRows(key, [...FIELD_NAMES, 'roster.', 'overrides.'])),
    heading('A roster'),
    text("A list of users' names, a list of mappings with `user` in each, or:"),
    table(HEADINGS, memberRows(partOf(key, 'properties', 'roster'))),
  ];
}
