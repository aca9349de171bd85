/** The two Ansible roles for LiteLLM's keys: what they call their variables, and what those are where nobody sets them. */
import type { Json } from '../../../base/json.ts';

/** The variables that mean something here, by what the role `manage_keys` calls them without its prefix. */
export const VARIABLES = [
  'state',
  'alias',
  'models',
  'duration',
  'user_id',
  'max_budget',
  'metadata',
  'multi_user',
  'user_count',
  'user_prefix',
  'user_domain',
  'api_url',
  'api_timeout',
  'verify_ssl',
  'master_key',
  'openshift_token',
  'use_openshift_token',
  'username',
  'password',
] as const;
export type Variable = (typeof VARIABLES)[number];

export type Role = {
  readonly name: string;
  readonly prefix: string;
  /** Variables that are not called by the prefix and the usual name. */
  readonly names: Readonly<Partial<Record<Variable, string>>>;
  /** Jinja is filled in. */
  readonly defaults: Readonly<Partial<Record<Variable, Json>>>;
  /** Names without the prefix: variables that change nothing here … */
  readonly idle: readonly string[];
  /** … and those of former versions, which said what `models` and `duration` say. */
  readonly former: readonly string[];
};

const COMMON = {
  state: 'present',
  duration: '30d',
  metadata: {},
  max_budget: null,
  api_timeout: 30,
  verify_ssl: true,
} as const satisfies Role['defaults'];
const IDLE = [
  'retry_count',
  'retry_delay',
  'delete_method',
  'key_id',
  'force_db_delete',
  'postgres_pod',
  'postgres_db',
  'namespace',
];

export const MANAGE_KEYS: Role = {
  name: 'manage_keys',
  prefix: 'litellm_vkey_',
  names: {},
  defaults: {
    ...COMMON,
    user_id: '{{ litellm_vkey_alias }}',
    multi_user: false,
    user_count: 1,
    user_prefix: 'user',
    user_domain: 'example.com',
  },
  idle: [...IDLE, 'auth_token'],
  former: [],
};

/** The role of the Red Hat Demo Platform, whose other variables come from its catalog. */
export const WORKLOAD: Role = {
  name: 'ocp4_workload_litellm_virtual_keys',
  prefix: 'ocp4_workload_litellm_virtual_keys_',
  names: {
    state: 'ACTION',
    alias: 'ocp4_workload_litellm_virtual_keys_alias_format',
    user_id: 'ocp4_workload_litellm_virtual_keys_user_id_format',
    user_prefix: 'ocp4_workload_litellm_virtual_keys_user_base',
    user_domain: 'ocp4_workload_litellm_virtual_keys_user_email_domain',
    api_url: 'litellm_url',
    master_key: 'litellm_master_key',
  },
  defaults: {
    ...COMMON,
    alias: 'virtkey-{{ guid }}',
    user_id: "{{ email | default(requester_email | default(requester | default(guid ~ '@lab.opentlc.com'))) }}",
    multi_user: '{{ ocp4_workload_multi_user | default(num_users | default(1) | int > 1) }}',
    user_count: '{{ ocp4_workload_user_count | default(num_users | default(1)) }}',
    user_prefix: "{{ ocp4_workload_user_base | default('user') }}",
    user_domain: 'lab.opentlc.com',
  },
  idle: [
    ...IDLE,
    'store_key_in_facts',
    'display_key',
    'enable_user_info_messages',
    'enable_user_info_data',
    'user_info_messages',
    'write_bastion_profile',
    'bastion_group',
    'docling_model',
  ],
  former: [
    'subscription_package',
    'packages',
    'custom_models',
    'custom_duration',
    'include_docling',
    'include_tokenize',
    'include_embeddings',
    'embeddings_model',
  ],
};

export const ROLES = [MANAGE_KEYS, WORKLOAD] as const;

export function nameOf({ prefix, names }: Role, variable: Variable): string {
  return names[variable] ?? prefix + variable;
}

/** The role that has a variable of this name, if only one of them can. */
export function roleOf(name: string): Role | null {
  return ROLES.find(({ prefix }) => name.startsWith(prefix)) ?? null;
}
