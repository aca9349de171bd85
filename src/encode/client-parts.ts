/** What rows of the table of clients have in common, in the words of a delivery. */
import type { ClientFile, Templates } from './client.ts';

/** Where a key is, whatever else comes to be in the keyring; behind `--` no name is a flag. */
const WHERE = ['--set={set}', '--server={server}', '--keyring={keyring}', '--age-identity={age_identity}'] as const;

/** The words after `vkeys` that print a key, whichever secret it has by then. */
export const ASKING = ['token', ...WHERE, '--', '{name}'] as const;

/** The words after `vkeys` that print the variables of a client for its shell. */
export const EXPORTED = ['env', '--for={client}', '--shell=bash', '--from={from}', '--url={url}', ...WHERE] as const;

export const OPENAI = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };
/** These read only the older name, and else ask api.openai.com. */
export const OPENAI_API_BASE = { OPENAI_API_KEY: '{key}', OPENAI_API_BASE: '{api_base_url}' };
/** The SDK adds `/v1/messages` itself. The token goes as a bearer; a key would go as `x-api-key`. */
export const ANTHROPIC = { ANTHROPIC_AUTH_TOKEN: '{key}', ANTHROPIC_BASE_URL: '{api_endpoint}' };
/* It asks a small model on the side, which the key may not have. */
export const CLAUDE = { ...ANTHROPIC, ANTHROPIC_MODEL: '{model}', ANTHROPIC_DEFAULT_HAIKU_MODEL: '{small_model}' };
export const GEMINI = { GEMINI_API_KEY: '{key}', GOOGLE_GEMINI_BASE_URL: '{api_endpoint}', GEMINI_MODEL: '{model}' };
export const LITELLM = { LITELLM_PROXY_API_KEY: '{key}', LITELLM_PROXY_API_BASE: '{api_endpoint}' };
export const OPEN_WEBUI = { OPENAI_API_KEY: '{key}', OPENAI_API_BASE_URL: '{api_base_url}' };
export const ALL = { ...OPENAI, ...OPENAI_API_BASE, ...ANTHROPIC, ...LITELLM };
/** These have a base URL in a file of their own, which names the variable: one that is nobody else's. */
export const OWN = { LITELLM_API_KEY: '{key}' };

export const CLAUDE_SETTINGS = {
  path: '~/.claude/settings.json',
  moved: [{ by: 'CLAUDE_CONFIG_DIR', to: 'settings.json' }],
  format: 'json',
} satisfies Omit<ClientFile, 'members'>;

/** Anything but `responses` stops it at its start. */
export function codexFile(credential: Templates): ClientFile {
  const litellm = { name: 'LiteLLM', base_url: '{api_base_url}', wire_api: 'responses', ...credential };
  return {
    path: '~/.codex/config.toml',
    moved: [{ by: 'CODEX_HOME', to: 'config.toml' }],
    format: 'toml',
    members: { model: '{model}', model_provider: 'litellm', model_providers: { litellm } },
  };
}

/** What codex does not take beside `auth`. */
export const NO_CREDENTIAL = { env_key: null, experimental_bearer_token: null, requires_openai_auth: null };

/** The .env of the current folder, which programs load themselves. */
export function dotenv(members: Templates, path = '.env'): ClientFile {
  return { path, format: 'dotenv', members };
}
