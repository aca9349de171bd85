/**
 * The variables that clients of a gateway read, in the words of a delivery: `{key}`, `{api_base_url}` with `/v1`,
 * `{api_endpoint}` without it, and `{model}` where a key may use just one. Looked up in 2026-11 in what each client documents or
 * is; look again each half year. Never an empty variable: some clients send the key to api.openai.com then.
 */
const OPENAI = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };
/** These read only the older name, and else ask api.openai.com. */
const OPENAI_API_BASE = { OPENAI_API_KEY: '{key}', OPENAI_API_BASE: '{api_base_url}' };
/** The SDK adds `/v1/messages` itself. The token goes as a bearer; a key would go as `x-api-key`. */
const ANTHROPIC = { ANTHROPIC_AUTH_TOKEN: '{key}', ANTHROPIC_BASE_URL: '{api_endpoint}' };
/* These have a base URL in a file of their own, which names the variable: one that is nobody else's. */
const OWN = { LITELLM_API_KEY: '{key}' };
const LITELLM = { LITELLM_PROXY_API_KEY: '{key}', LITELLM_PROXY_API_BASE: '{api_endpoint}' };

export type Client = keyof typeof CLIENTS;

export const CLIENTS = {
  /* openai-python and openai-node, `llm` and most others. */
  openai: OPENAI,
  anthropic: ANTHROPIC,
  /* It asks a small model on the side, which the key may not have. */
  'claude-code': { ...ANTHROPIC, ANTHROPIC_MODEL: '{model}', ANTHROPIC_DEFAULT_HAIKU_MODEL: '{model}' },
  'gemini-cli': { GEMINI_API_KEY: '{key}', GOOGLE_GEMINI_BASE_URL: '{api_endpoint}', GEMINI_MODEL: '{model}' },
  aider: OPENAI_API_BASE,
  langchain: OPENAI_API_BASE,
  llamaindex: OPENAI_API_BASE,
  /* Vercel's @ai-sdk/openai. Its @ai-sdk/anthropic wants ANTHROPIC_BASE_URL with /v1, unlike all others. */
  'ai-sdk': OPENAI,
  'litellm-sdk': LITELLM,
  'open-webui': { OPENAI_API_KEY: '{key}', OPENAI_API_BASE_URL: '{api_base_url}' },
  codex: OWN,
  opencode: OWN,
  continue: OWN,
  librechat: OWN,
  zed: { GATEWAY_API_KEY: '{key}' },
  all: { ...OPENAI, ...OPENAI_API_BASE, ...ANTHROPIC, ...LITELLM },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
