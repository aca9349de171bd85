/**
 * The programs that `use:` names, with their arguments as their documentation has them: `read` says which and when. Each reads
 * the secret from its stdin. What they are given to name a place is called as the program calls it.
 */
import type { CommandDelivery } from '../../model/delivery.ts';
import type { Trouble } from './collisions.ts';

export const PRESET_MEMBERS = {
  name: 'gh, glab, az: the name of the secret or variable',
  repo: 'gh, glab: OWNER/REPO',
  environment: 'gh: a deployment environment of the repository',
  org: 'gh: the organisation, instead of a repository',
  visibility: 'gh: all, private or selected, for an organisation',
  group: 'glab: the group, instead of a project',
  scope: 'glab: the environment scope',
  mount: 'vault: where the engine is, like secret',
  path: 'vault: the path of the secret under the mount',
  field: 'vault, op: the field of it',
  item: 'op: the title of the item',
  vault: 'op: the vault of the item',
  'secret-id': "aws: the secret's name",
  'vault-name': 'az: the key vault',
  secret: "gcloud, kubectl: the secret's name",
  project: 'gcloud: the project',
  namespace: 'kubectl: the namespace',
  key: 'kubectl: the key in its data',
  file: 'sops: the encrypted file; .sops.yaml says for whom',
} as const;

export type PresetMember = keyof typeof PRESET_MEMBERS;
type Given = Readonly<Partial<Record<PresetMember, string>>>;
type Commands = Pick<CommandDelivery, 'run' | 'create' | 'check' | 'missing' | 'remove'> & {
  /** What they read, where that is not the secret alone. */
  readonly reads?: Pick<CommandDelivery, 'stdin' | 'format'>;
};

export type Preset = {
  /** The documentation that the arguments are from, and the date of the reading. */
  readonly read: string;
  readonly needs: readonly PresetMember[];
  readonly takes?: readonly PresetMember[];
  readonly commands: (given: Given) => Commands | Trouble;
};

export const PRESETS = {
  gh: {
    read: 'gh secret set --help and gh api --help of 2.23; docs.github.com/rest/actions/secrets; 2026-12-01',
    needs: ['name'],
    takes: ['repo', 'environment', 'org', 'visibility'],
    commands: ({ name = '', repo, environment, org, visibility }) => {
      if ((repo === undefined) === (org === undefined)) return oneOf('gh', 'repo', 'org');
      const at = org === undefined ? [...option('--repo', repo), ...option('--env', environment)] : ['--org', org];
      const route = org === undefined ? `repos/${String(repo)}` : `orgs/${org}`;
      const kind = environment === undefined ? 'actions' : `environments/${environment}`;
      return {
        run: ['gh', 'secret', 'set', name, ...at, ...option('--visibility', visibility)],
        check: ['gh', 'api', '--silent', `${route}/${kind}/secrets/${name}`],
        missing: 'HTTP 404',
        remove: ['gh', 'secret', 'delete', name, ...at],
      };
    },
  },
  glab: {
    read: 'docs.gitlab.com/cli/variable/{set,update,get,delete}; 2026-12-01',
    needs: ['name'],
    takes: ['repo', 'group', 'scope'],
    commands: ({ name = '', repo, group, scope }) => {
      if ((repo === undefined) === (group === undefined)) return oneOf('glab', 'repo', 'group');
      const at = [...option('--repo', repo), ...option('--group', group), ...option('--scope', scope)];
      return {
        run: ['glab', 'variable', 'update', name, '--masked', ...at],
        create: ['glab', 'variable', 'set', name, '--masked', ...at],
        check: ['glab', 'variable', 'get', name, ...at],
        missing: '404',
        remove: ['glab', 'variable', 'delete', name, ...at],
      };
    },
  },
  vault: {
    read: 'developer.hashicorp.com/vault/docs/commands/kv/{put,patch,get}, Vault 1.21; 2026-12-01',
    needs: ['mount', 'path', 'field'],
    commands: ({ mount = '', path = '', field = '' }) => ({
      run: ['vault', 'kv', 'patch', `-mount=${mount}`, path, `${field}=-`],
      create: ['vault', 'kv', 'put', `-mount=${mount}`, path, `${field}=-`],
      check: ['vault', 'kv', 'get', `-mount=${mount}`, '-format=json', path],
      missing: 'No value found at',
      remove: ['vault', 'kv', 'patch', `-mount=${mount}`, `-remove-data=${field}`, path],
    }),
  },
  op: {
    read: 'developer.1password.com/docs/cli/{item-create,item-edit,item-template-json,reference}, op 2; 2026-12-01',
    needs: ['vault', 'item', 'field'],
    commands: ({ vault = '', item = '', field = '' }) => ({
      run: ['op', 'item', 'edit', item, '--vault', vault],
      create: ['op', 'item', 'create', '--vault', vault, '-'],
      check: ['op', 'read', '--no-newline', `op://${vault}/${item}/${field}`],
      missing: "isn't an item",
      remove: ['op', 'item', 'delete', item, '--vault', vault],
      reads: jsonOf({
        title: item,
        category: 'API_CREDENTIAL',
        fields: [{ id: field, type: 'CONCEALED', label: field, value: '{key}' }],
      }),
    }),
  },
  aws: {
    read: 'docs.aws.amazon.com/cli/latest/reference/secretsmanager and aws 2 help; 2026-12-01',
    needs: ['secret-id'],
    commands: ({ 'secret-id': id = '' }) => ({
      run: [...AWS, 'put-secret-value', '--secret-id', id, '--secret-string', 'file:///dev/stdin'],
      create: [...AWS, 'create-secret', '--name', id, '--secret-string', 'file:///dev/stdin'],
      check: [...AWS, 'get-secret-value', '--secret-id', id, '--query', 'SecretString', '--output', 'text'],
      missing: 'ResourceNotFoundException',
      remove: [...AWS, 'delete-secret', '--secret-id', id, '--force-delete-without-recovery'],
    }),
  },
  az: {
    read: 'learn.microsoft.com/cli/azure/keyvault/secret, from memory, and scripts of others; 2026-12-01',
    needs: ['vault-name', 'name'],
    commands: ({ 'vault-name': vault = '', name = '' }) => {
      const at = ['--vault-name', vault, '--name', name];
      return {
        run: [...AZ, 'set', ...at, '--file', '/dev/stdin', '--encoding', 'utf-8', '--output', 'none'],
        check: [...AZ, 'show', ...at, '--query', 'value', '--output', 'tsv'],
        missing: 'SecretNotFound',
        remove: [...AZ, 'delete', ...at, '--output', 'none'],
      };
    },
  },
  gcloud: {
    read: 'cloud.google.com/sdk/gcloud/reference/secrets/{create,delete,versions/add,versions/access}; 2026-12-01',
    needs: ['secret', 'project'],
    commands: ({ secret = '', project = '' }) => ({
      run: ['gcloud', 'secrets', 'versions', 'add', secret, `--project=${project}`, '--data-file=-'],
      create: ['gcloud', 'secrets', 'create', secret, `--project=${project}`, '--data-file=-'],
      check: ['gcloud', 'secrets', 'versions', 'access', 'latest', `--secret=${secret}`, `--project=${project}`],
      missing: 'NOT_FOUND',
      remove: ['gcloud', 'secrets', 'delete', secret, `--project=${project}`, '--quiet'],
    }),
  },
  kubectl: {
    read: 'kubernetes.io/docs/reference/kubectl/generated/{kubectl_apply,kubectl_get,kubectl_delete}; 2026-12-01',
    needs: ['namespace', 'secret', 'key'],
    commands: ({ namespace = '', secret = '', key = '' }) => {
      const value = `{{{{index .data "${key}" | base64decode}}}}`;
      return {
        run: ['kubectl', 'apply', '--server-side', '--field-manager=vkeys', `--namespace=${namespace}`, '--filename=-'],
        check: ['kubectl', 'get', 'secret', secret, `--namespace=${namespace}`, `--output=go-template=${value}`],
        missing: '(NotFound)',
        remove: ['kubectl', 'delete', 'secret', secret, `--namespace=${namespace}`, '--ignore-not-found'],
        reads: jsonOf({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: secret, namespace },
          stringData: { [key]: '{key}' },
        }),
      };
    },
  },
  sops: {
    read: 'getsops.io/docs/usage/advanced, sops 3.10; 2026-12-01',
    needs: ['file'],
    commands: ({ file = '' }) => {
      const types = ['--input-type', 'dotenv', '--output-type', 'dotenv'];
      return {
        run: ['sops', '--encrypt', '--filename-override', file, ...types, '--output', file, '/dev/stdin'],
        check: ['test', '-e', file],
        remove: ['rm', file],
        reads: { format: 'dotenv' },
      };
    },
  },
} satisfies Readonly<Record<string, Preset>>;

const AWS = ['aws', 'secretsmanager'];
const AZ = ['az', 'keyvault', 'secret'];

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}

function oneOf(preset: string, one: string, other: string): Trouble {
  return { message: `use: ${preset} needs either ${one} or ${other}.`, hint: `Write ${one}: or ${other}:.` };
}

function jsonOf(value: object): NonNullable<Commands['reads']> {
  return { stdin: jsonTemplate(value), format: 'json' };
}

/** A value as JSON in which the braces of placeholders in its texts are the only ones that stand alone. */
function jsonTemplate(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonTemplate).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${jsonTemplate(item)}`);
  return `{{${members.join(',')}}}`;
}
