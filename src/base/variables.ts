/** Every variable of the environment that vkeys reads: what `vkeys help environment` tells, and what the code may ask for. */
export const VARIABLES = {
  LITELLM_BASE_URL: { about: "the proxy's address", group: 'server' },
  LITELLM_PROXY_URL: { about: 'the same, where LITELLM_BASE_URL is not set', group: 'server' },
  LITELLM_API_BASE: { about: 'the same, where neither is set', group: 'server' },
  VKEYS_PROFILE: { about: 'a saved connection', group: 'server' },
  LITELLM_MASTER_KEY: { about: 'the master key, or the key of a proxy_admin', group: 'credential' },
  LITELLM_MASTER_API_KEY: { about: 'the same, where LITELLM_MASTER_KEY is not set', group: 'credential' },
  LITELLM_PROXY_API_KEY: { about: 'the same, where neither is set', group: 'credential' },
  LITELLM_USERNAME: { about: 'the user to log in as, where no key is set', group: 'credential' },
  LITELLM_PASSWORD: { about: "that user's password", group: 'credential' },
  VKEYS_AUTH: { about: 'which kind of credential to use', group: 'credential' },
  LITELLM_OPENSHIFT_TOKEN: { about: 'a cluster token, for VKEYS_AUTH=openshift', group: 'credential' },
  VKEYS_SERVICEACCOUNT_TOKEN_FILE: { about: "where the pod's token is, if not where usual", group: 'credential' },
  VKEYS_KEYRING: { about: 'the folder that remembers secrets; age:PATH, none', group: 'keyring' },
  VKEYS_AGE_RECIPIENTS: { about: 'who can read an age: keyring, separated by blanks or commas', group: 'keyring' },
  VKEYS_AGE_IDENTITY: { about: 'the file that opens an age: keyring', group: 'keyring' },
  XDG_STATE_HOME: { about: 'the folder in which vkeys/ is the keyring', group: 'keyring' },
  XDG_CONFIG_HOME: { about: 'the folder in which vkeys/ has the profiles, and clients their files', group: 'keyring' },
  LOCALAPPDATA: { about: "on Windows: the same for the keyring, which is in vkeys' Data", group: 'keyring' },
  APPDATA: { about: "on Windows: the same for the profiles, which are in vkeys' Config", group: 'keyring' },
  KUBECONFIG: { about: 'files that say where clusters are, for deliveries to Kubernetes', group: 'delivery' },
  KUBERNETES_SERVICE_HOST: { about: "the cluster's address, in a pod", group: 'delivery' },
  KUBERNETES_SERVICE_PORT: { about: 'its port', group: 'delivery' },
  PATH: { about: 'where the programs of deliveries are looked for', group: 'delivery' },
  PATHEXT: { about: 'on Windows: the endings of programs', group: 'delivery' },
  VKEYS_RULES: { about: 'a file of rules for all keys, teams and users; see `vkeys help rules`', group: 'spec' },
  VKEYS_OUTPUT: { about: 'how results are printed', group: 'output' },
  NO_COLOR: { about: 'anything in it: no colours', group: 'output' },
  FORCE_COLOR: { about: 'colours in a pipe too (1, 2, 3), or none (0)', group: 'output' },
  TERM: { about: 'dumb: no colours', group: 'output' },
  GITHUB_ENV: { about: "the runner's file for --github env", group: 'output' },
  GITHUB_OUTPUT: { about: "the runner's file for --github output", group: 'output' },
  GITHUB_ACTOR: { about: 'who started the run of a workflow', group: 'history' },
  GITHUB_SERVER_URL: { about: 'with the next two: where that run is', group: 'history' },
  GITHUB_REPOSITORY: { about: 'its repository', group: 'history' },
  GITHUB_RUN_ID: { about: 'its number', group: 'history' },
  GITLAB_USER_LOGIN: { about: "who started GitLab's job", group: 'history' },
  CI_JOB_URL: { about: 'where that job is', group: 'history' },
  BUILD_URL: { about: "where Jenkins' build is", group: 'history' },
  HTTPS_PROXY: { about: 'an HTTP proxy for https: addresses; https_proxy comes first', group: 'network' },
  HTTP_PROXY: { about: 'an HTTP proxy for the rest; http_proxy comes first', group: 'network' },
  NO_PROXY: { about: 'hosts and networks to reach without it; no_proxy comes first', group: 'network' },
  NODE_EXTRA_CA_CERTS: { about: 'a PEM file of authorities to trust too', group: 'network' },
  VAULT_ADDR: { about: 'its address', group: 'vault' },
  VAULT_TOKEN: { about: 'the token; without, what `vault login` left in ~/.vault-token', group: 'vault' },
  VAULT_NAMESPACE: { about: 'the namespace', group: 'vault' },
  VAULT_CACERT: { about: 'a PEM file of authorities to trust too', group: 'vault' },
  VAULT_CLIENT_CERT: { about: 'a PEM file: the certificate to show', group: 'vault' },
  VAULT_CLIENT_KEY: { about: "a PEM file: that certificate's key", group: 'vault' },
  VAULT_SKIP_VERIFY: { about: 'true: take any certificate', group: 'vault' },
  BAO_ADDR: { about: 'the same of OpenBao, each of which comes first', group: 'vault' },
  BAO_TOKEN: { about: 'the token', group: 'vault' },
  BAO_NAMESPACE: { about: 'the namespace', group: 'vault' },
  BAO_CACERT: { about: 'a PEM file of authorities to trust too', group: 'vault' },
  BAO_CLIENT_CERT: { about: 'a PEM file: the certificate to show', group: 'vault' },
  BAO_CLIENT_KEY: { about: "a PEM file: that certificate's key", group: 'vault' },
  BAO_SKIP_VERIFY: { about: 'true: take any certificate', group: 'vault' },
  LITELLM_API_KEY: { about: 'a key for models', group: 'client' },
  LITELLM_KEY: { about: 'a key for models', group: 'client' },
  OPENAI_API_KEY: { about: 'a key for models', group: 'client' },
  OPENAI_BASE_URL: { about: 'an address for clients, which may be another one', group: 'client' },
  OPENAI_API_BASE: { about: 'the same', group: 'client' },
  CLAUDE_CONFIG_DIR: { about: "where `env --write` finds Claude Code's settings.json", group: 'place' },
  CODEX_HOME: { about: "where it finds Codex's config.toml", group: 'place' },
  OPENCODE_CONFIG: { about: "OpenCode's file itself", group: 'place' },
} as const;

export type Variable = keyof typeof VARIABLES;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable says. One that is empty says nothing. */
export function variable(env: Environment, name: Variable): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** What other programs get beside their own variables: our credentials are none of their business. */
export const WITHOUT_CREDENTIALS: Environment = Object.fromEntries(
  Object.entries(VARIABLES)
    .filter(([, { group }]) => group === 'credential')
    .map(([name]) => [name, undefined]),
);
