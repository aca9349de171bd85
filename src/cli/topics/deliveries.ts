import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { memberNames, memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `deliver:
  - dotenv: 'secrets/{user}.env'
  - dotenv: { path: 'claude/{user}.env', for: claude-code }
  - json: { path: 'vault/{user}.json', variables: { OPENAI_API_KEY: '{key}' } }
  - csv: { path: all.csv, columns: [Name, key_alias, key, code], separator: ';', mark: true }
  - text: { path: 'mail/{user}.txt', template: mail.txt }
  - age: { path: 'out/{user}.age', recipient: '{ssh_key}', for: openai }`;

const HEADINGS = ['member', 'what it is', 'about'];
const FILES = ['dotenv', 'json', 'csv', 'text', 'age'];

export function blocks(): readonly Block[] {
  const item = partOf(specJsonSchema(), 'properties', 'deliver', 'items');
  const others = memberNames(item).filter((name) => !FILES.includes(name));
  return [
    text(
      'Where new keys go, and go again when a place has lost them. Each item of `deliver` names one sink; here are those that',
      'write files. Clusters, vaults, programs and key stores: `vkeys help places`.',
    ),
    listing('yaml', EXAMPLE),
    shell(
      'vkeys plan -f vkeys.yaml            # which places would be written',
      'vkeys apply -f vkeys.yaml --deliver json=keys.json',
      'vkeys deliver -f vkeys.yaml         # again, from the keyring, without the server',
      'vkeys deliver -f vkeys.yaml --check # current, stale, missing, or of somebody else',
    ),
    heading('Paths and placeholders'),
    text(
      'Paths start at the folder of the spec. With a placeholder like `{key_alias}` there is a file for each key, with `{each_user}`',
      'one for each user who has access to it, else one for all of them. Values may have `{key}`, `{key_id}`, `{api_base_url}`',
      '(with `/v1`), `{api_endpoint}`, `{expires}`, `{models}`, `{max_budget}`, `{user}`, `{set}`, the columns of the roster, and',
      '`{code}` and `{seat}` of `vkeys help handout`.',
    ),
    heading('What is there already'),
    text(
      'Lines, members, rows and columns of others stay. What a place holds is known by its hash, so that nothing is written twice,',
      'also on a machine that has never seen the keys. What an older run put where the spec no longer wants it is taken away.',
      'A key whose secret neither the keyring nor a place has is told; with `on_lost: replace` in the spec, apply makes it anew.',
    ),
    heading('The sinks'),
    table(
      HEADINGS,
      memberRows(
        item,
        others.filter((name) => name !== 'address'),
      ),
    ),
  ];
}
