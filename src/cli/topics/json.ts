import { isList, type JsonObject } from '../../base/json.ts';
import type { Format } from '../options.ts';
import { OUTPUT_SCHEMA } from '../../view/output-schema.ts';
import { heading, shell, table, text, type Block } from '../../view/page.ts';
import { descriptionOf, memberNames, memberRows, partOf } from '../../view/schema-text.ts';

const OTHERS: Readonly<Record<Exclude<Format, 'table' | 'json' | 'yaml'>, string>> = {
  csv: 'a table with a line for each key, team or the like, for spreadsheets',
  env: 'the variables that clients read; `--for CLIENT` names another client',
  ansible: 'the result of the Ansible role, for files with its variables',
  'virtualkey-status': "keys as the LiteLLM operator's status has them",
  markdown: "a plan for a pull request's comment",
};

export function blocks(): readonly Block[] {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON.stringify has written is JSON
  const schema = JSON.parse(JSON.stringify(OUTPUT_SCHEMA)) as JsonObject;
  const every: readonly string[] = OUTPUT_SCHEMA.required;
  const rows = memberRows(schema);
  return [
    text(
      '`-o json` has one shape, whatever the command and whatever happens; `-o yaml` is the same. stdout is the result,',
      'stderr the conversation. Keys are in it where they are known; `--no-secrets` leaves them out.',
    ),
    shell(
      "vkeys apply -f vkeys.yaml -o json | jq -r '.keys[] | select(.changed) | .key_alias'",
      'vkeys plan -f vkeys.yaml -o json | jq .summary',
      "vkeys list -o json | jq -r '.keys[] | [.key_alias, .spend] | @tsv'",
      'vkeys doctor -o json | jq .healthy',
      'vkeys schema --output > output.schema.json # its JSON Schema',
    ),
    heading('What every document has'),
    table(
      ['member', 'what it is', 'about'],
      rows.filter(([name]) => every.includes(name)),
    ),
    heading('What single commands add'),
    table(
      ['member', 'what it is', 'about'],
      rows.filter(([name]) => !every.includes(name)),
    ),
    heading('What is in them'),
    table(
      ['part', 'about'],
      Object.keys(OUTPUT_SCHEMA.$defs).map((name) => {
        const part = partOf(schema, '$defs', name);
        return [name, `${descriptionOf(part)}${membersText(part)}`];
      }),
    ),
    heading('Other forms'),
    table(['-o', 'what it prints'], Object.entries(OTHERS)),
  ];
}

/** What only may be there is any column of a list. */
function membersText(part: JsonObject): string {
  const { required } = part;
  return isList(required) && required.length > 0 ? ` Has: ${memberNames(part).join(', ')}.` : '';
}
