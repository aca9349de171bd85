import { heading, listing, table, text, type Block } from '../../view/page.ts';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { memberRows, partOf } from '../../view/schema-text.ts';

const EXAMPLE = `deliver:
  - kubernetes: { namespace: 'team-{team}', name: 'llm-{user}', data: { OPENAI_API_KEY: '{key}' } }
  - vault: { path: 'secret/data/llm/{user}', data: { key: '{key}' } }
  - command: { use: gh, repo: 'acme/{user}', name: OPENAI_API_KEY }
  - command: { run: [pass, insert, -m, 'llm/{user}'], check: [pass, show, 'llm/{user}'],
               remove: [pass, rm, -f, 'llm/{user}'] }
  - keychain: { service: litellm, account: '{key_alias}' }`;

const ROLE = `kind: Role
rules:
  - { apiGroups: [''], resources: [secrets], verbs: [get, create, patch, delete] }
  - { apiGroups: [apps], resources: [deployments], verbs: [get, patch] } # for rollout`;

const POLICY = `path "secret/data/llm/*" { capabilities = ["create", "read", "update"] }
path "secret/delete/llm/*" { capabilities = ["update"] }
path "secret/destroy/llm/*" { capabilities = ["update"] }
path "secret/metadata/llm/*" { capabilities = ["read", "list"] }`;

const HEADINGS = ['member', 'what it is', 'about'];

export function blocks(): readonly Block[] {
  const item = partOf(specJsonSchema(), 'properties', 'deliver', 'items');
  const rows = (name: string) => memberRows(item).filter(([member]) => member.startsWith(`${name}.`));
  return [
    text('Keys go where programs look for secrets, in the same run that makes them (`vkeys help deliveries`):'),
    listing('yaml', EXAMPLE),
    heading('kubernetes'),
    text(
      'A Secret for each key, or one for all. The cluster is that of KUBECONFIG or ~/.kube/config, else the one that the pod is in.',
      'What others have in the Secret stays; what of ours they own is told with their name. The namespace has to be there.',
    ),
    table(HEADINGS, rows('kubernetes')),
    listing('yaml', ROLE),
    heading('vault'),
    text(
      'HashiCorp Vault and OpenBao, KV version 2: VAULT_ADDR, VAULT_TOKEN or ~/.vault-token, VAULT_NAMESPACE, VAULT_CACERT; with BAO_',
      'in front too. What is there is kept, and nothing is written over what somebody wrote meanwhile. Its policy:',
    ),
    listing('hcl', POLICY),
    table(HEADINGS, rows('vault')),
    heading('command'),
    text(
      'A program and its arguments, without a shell. It reads the secret on its stdin, or at `fd: 3`; no argument has it. VKEYS_KEY_ALIAS,',
      '_KEY_ID, _SET, _USER, _EXPIRES, _API_BASE_URL and _API_ENDPOINT are in its environment, our own credentials are not. A spec with',
      'commands is a program: read it before you run it. What `check` prints is compared by hash; where it prints nothing, 0 says that',
      'something is there, and anything else that nothing is. Without `remove` a key that is gone stays there, which is told. `use`',
      'knows the arguments of gh, glab, vault, op, aws, az, gcloud, kubectl and sops.',
    ),
    table(HEADINGS, rows('command')),
    heading('keychain'),
    text("The desktop's own store, through an optional library: `npm install -g @napi-rs/keyring`."),
    table(HEADINGS, rows('keychain')),
  ];
}
