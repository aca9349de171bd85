import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `version: 1
set: research
groups:
  staff: [root@example.com]
  'lab-{Lab}': { roster: { file: people.csv, user: Login }, user_id: '{E-Mail}' }
keys:
  - { key_alias: gpu, user_id: root@example.com, shared_with: [lab-a, eve@example.com] }
  - { key_alias: eval, shared_with: [staff, lab-b] }
deliver:
  - dotenv: { path: 'secrets/{each_user}.env', variables: { '{KEY_ALIAS}_KEY': '{key}' } }`;

const HEADINGS = ['member', 'what it is', 'about'];

export function blocks(): readonly Block[] {
  const group = partOf(specJsonSchema(), 'properties', 'groups', 'additionalProperties', 'anyOf', '1');
  return [
    text('A key that several people use is shared with groups of users and with single ones:'),
    listing('yaml', EXAMPLE),
    shell(
      'vkeys create mine',
      'vkeys share mine --with grace@example.com   # until a spec of its set says otherwise',
      'vkeys list --accessible-to grace@example.com',
      'vkeys unshare mine --with grace@example.com',
    ),
    heading('It is a note, and no right'),
    text(
      'LiteLLM knows nothing of it, and lets in whoever has the secret. With whom a key is shared, and who is in the groups, is',
      'kept in its metadata (`metadata.vkeys`), so that `list --accessible-to` tells on every machine whose a key is (`own`), and',
      'who reaches it by themselves (`shared`) or through a group (`group lab-a`). A change of a group is a change of its keys.',
    ),
    heading('Who gets the secret'),
    text(
      'That goes by the spec alone: with `{each_user}` in its path, a delivery has a file for each user who has access, and takes the',
      'key back from the file of who has it no longer. They may have copied it: delete the key, and apply makes it anew. A user',
      'with several keys in one `.env` needs variables with names of their own; a key that nobody has access to is in no file.',
    ),
    heading('A group'),
    text(
      'A list of users, by their user_ids, or a roster; a name with columns in it makes a group for each value of them:',
    ),
    table(HEADINGS, memberRows(group, ['roster.'])),
    heading('shared_with'),
    text(
      'A name that is no group of the file is a user: an address, or an id that the file knows; `{ user_id: eve }` is one of whom',
      'it says nothing else. `[]` shares the key with nobody; where `shared_with` is absent, the note stays as the server has it.',
      '`vkeys share` knows the groups that keys of the server keep.',
    ),
  ];
}
