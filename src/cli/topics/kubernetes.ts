import { RESOURCES, type Row } from '../../spec/formats/kubernetes/fields.ts';
import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import { STATUS_NAMES } from '../../view/virtualkey-status.ts';

const EXAMPLE = `apiVersion: auth.litellm.ai/v1alpha1
kind: User
metadata: { name: ada, namespace: research }
spec:
  userEmail: ada@example.com
  userRole: internal_user
  models: [gpt-4o-mini]
  maxBudget: '20' # US dollars
  budgetDuration: 30d
  autoCreateKey: true # with the user's models and budget
  keyAlias: ada-key
  connectionRef: { instanceRef: { name: proxy, namespace: litellm } }
---
apiVersion: auth.litellm.ai/v1alpha1
kind: Team
metadata: { name: lab, namespace: research }
spec:
  teamAlias: lab
  connectionRef: { instanceRef: { name: proxy, namespace: litellm } }
---
apiVersion: auth.litellm.ai/v1alpha1
kind: TeamMemberAssociation
metadata: { name: ada-lab, namespace: research }
spec:
  teamRef: { name: lab }
  userRef: { name: ada }
  role: admin
  connectionRef: { instanceRef: { name: proxy, namespace: litellm } }`;

export function blocks(): readonly Block[] {
  return [
    text(
      'The resources of the LiteLLM operator (`auth.litellm.ai/v1alpha1`) are read by `-f` as specs are: one or many documents,',
      'files, folders, or what kubectl prints. vkeys speaks to LiteLLM, and to no cluster.',
    ),
    shell(
      'kubectl get virtualkeys,users,teams,teammemberassociations -A -o yaml | vkeys plan -f -',
      'vkeys validate -f resources.yaml --print # what they become',
      'vkeys apply -f resources.yaml -o virtualkey-status',
    ),
    heading('An example'),
    listing('yaml', EXAMPLE),
    heading('The set, and who is who'),
    text(
      'Each namespace is a set, for each connection one: `research.litellm.proxy` here. Without a namespace it is that of `default`.',
      'So `--prune` on what one namespace has leaves the others alone. A membership finds its team and its user among the',
      'resources of its connection, in whichever file or namespace they are, rather in its own, and is where its team is. `userID` and `teamID` are ids; those that',
      'the operator has seen, in `status`, stay; else a user has the address as `user_id`, and a team an id of its set and name.',
    ),
    text(
      'What the operator made is taken over with `--adopt`. Stop the operator before: two that manage one thing undo what the',
      'other did. Resources that are being deleted are passed over, and so is who is a member of them.',
    ),
    heading('The server'),
    text(
      '`connectionRef` names a profile: `litellm/proxy`, or `proxy`; a `secretRef` is in the namespace of its resource. The',
      'profile has the address and the credential. Without one the server is that of the environment, which is said; two',
      'connections are never one server by chance. `--url` and `--profile` win.',
    ),
    shell('vkeys auth login --profile litellm/proxy --url https://litellm.example.com --master-key-file master.key'),
    heading('The fields'),
    text('`maxBudget` and `max_budget` are one field, and so are all of these. `null` and an empty text are nothing.'),
    table(
      ['kind', 'fields'],
      Object.entries(RESOURCES).map(([kind, rows]) => [kind, fieldsOf(rows, ({ to }) => to !== undefined)]),
    ),
    text(
      'Of a user go to the key alone, and without `autoCreateKey` nowhere:',
      `${fieldsOf(RESOURCES.User, ({ to, ofKey }) => to === undefined && ofKey !== undefined)}.`,
      `Never carried over, and told: ${fieldsOf(RESOURCES.VirtualKey, ({ left }) => left !== undefined)}.`,
      'A `key` is refused: vkeys makes the secrets. Members are those of TeamMemberAssociation, of `teams` of a user, and of',
      '`membersWithRole`, which teams had in earlier versions.',
    ),
    heading('Hand-outs'),
    text(
      'A spec with the same set says where keys go; `{namespace}` and `{name}` are those of the resource.',
      `\`-o virtualkey-status\` of \`apply\`, \`list\` and \`get\` has ${STATUS_NAMES.join(', ')} of each key; the last is the name of the Secret, else the path of a hand-out.`,
    ),
    listing('yaml', "set: research.litellm.proxy\nkeys: []\ndeliver:\n  - dotenv: 'secrets/{namespace}/{name}.env'"),
  ];
}

function fieldsOf(rows: Readonly<Record<string, Row>>, isMeant: (row: Row) => boolean): string {
  return Object.entries(rows)
    .flatMap(([name, row]) => (isMeant(row) ? [name] : []))
    .join(' ');
}
