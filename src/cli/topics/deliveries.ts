import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `deliver:
  - dotenv: 'secrets/{user}.env'
  - dotenv: { path: 'claude/{user}.env', for: claude-code }
  - json: { path: 'vault/{user}.json', variables: { OPENAI_API_KEY: '{key}' } }
  - csv: { path: all.csv, columns: [Vorname, E-Mail, key_alias, key, expires], separator: ';', mark: true }
  - text: { path: 'mail/{user}.txt', template: mail.txt }`;

const HEADINGS = ['member', 'what it is', 'about'];

export function blocks(): readonly Block[] {
  const item = partOf(specJsonSchema(), 'properties', 'deliver', 'items');
  return [
    text('Where new keys go, and go again when a place has lost them. Each item of `deliver` names one sink:'),
    listing('yaml', EXAMPLE),
    heading('Paths and placeholders'),
    text(
      'Paths start at the folder of the spec. With a placeholder like `{key_alias}` there is a file for each key, with `{each_user}`',
      'one for each user who has access to it, else one for all of them. Values may have `{key}`, `{key_id}`, `{api_base_url}`',
      '(with `/v1`), `{api_endpoint}`, `{expires}`, `{models}`, `{max_budget}`, `{user}`, `{set}` and the columns of the roster.',
    ),
    heading('What is there already'),
    text(
      'Lines, members, rows and columns of others stay. What a place holds is known by its hash, so that nothing is written twice,',
      'also on a machine that has never seen the keys. What an older run put where the spec no longer wants it is taken away.',
    ),
    shell('vkeys plan -f vkeys.yaml    # which places would be written', 'vkeys apply -f vkeys.yaml'),
    heading('The sinks'),
    table(HEADINGS, memberRows(item)),
  ];
}
