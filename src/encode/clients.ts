/**
 * The clients of a gateway: what each reads, and where. Looked up in 2026-11 in what it documents or is; look again each half
 * year. Never an empty variable: some clients send the key to api.openai.com then.
 */
import type { ClientFacts } from './client.ts';
import {
  ALL,
  ANTHROPIC,
  ASKING,
  CLAUDE,
  CLAUDE_SETTINGS,
  codexFile,
  dotenv,
  GEMINI,
  LITELLM,
  NO_CREDENTIAL,
  OPENAI,
  OPENAI_API_BASE,
  OPEN_WEBUI,
  OWN,
} from './client-parts.ts';

const TABLE = {
  /* And `llm` and most others. */
  openai: {
    variables: OPENAI,
    secrets: dotenv(OPENAI),
    source: 'openai-python src/openai/_client.py, openai-node src/client.ts',
  },
  anthropic: {
    variables: ANTHROPIC,
    secrets: dotenv(ANTHROPIC),
    route: { path: '/v1/messages', since: '1.65.8' },
    source: 'anthropic-sdk-python src/anthropic/_client.py, anthropic-sdk-typescript src/client.ts',
  },
  'claude-code': {
    variables: CLAUDE,
    secrets: { ...CLAUDE_SETTINGS, members: { env: CLAUDE } },
    /* What asks a program counts less than the variable. */
    asking: {
      ...CLAUDE_SETTINGS,
      members: { apiKeyHelper: '{helper}', env: { ...CLAUDE, ANTHROPIC_AUTH_TOKEN: null } },
    },
    note: 'An ANTHROPIC_API_KEY of your own would be sent along: unset it.',
    route: { path: '/v1/messages/count_tokens', since: '1.77.7' },
    source: 'Claude Code docs, LLM gateway configuration',
  },
  codex: {
    variables: OWN,
    settings: codexFile({ env_key: 'LITELLM_API_KEY', auth: null }),
    asking: codexFile({ ...NO_CREDENTIAL, auth: { command: 'vkeys', args: ASKING } }),
    route: { path: '/v1/responses', since: '1.65.8' },
    source: 'openai/codex codex-rs/model-provider-info/src/lib.rs',
  },
  'gemini-cli': {
    variables: GEMINI,
    secrets: dotenv(GEMINI, '~/.gemini/.env'),
    note: 'A .env file of a project hides the one of your home.',
    route: { path: '/v1beta/models/MODEL:generateContent', since: '1.77.7' },
    source: 'google-gemini/gemini-cli docs/reference/configuration.md',
  },
  aider: {
    variables: OPENAI_API_BASE,
    secrets: {
      path: '~/.aider.conf.yml',
      format: 'yaml',
      members: { 'openai-api-base': '{api_base_url}', 'openai-api-key': '{key}', model: 'openai/{model}' },
    },
    note: 'Its names of models begin with openai/: aider --model openai/{model}',
    source: 'Aider-AI/aider website/docs/llms/openai-compat.md',
  },
  continue: {
    variables: OWN,
    settings: {
      path: '~/.continue/config.yaml',
      format: 'yaml',
      members: {
        models: [
          {
            name: 'LiteLLM {model}',
            provider: 'openai',
            model: '{model}',
            apiBase: '{api_base_url}',
            apiKey: '${{{{ secrets.LITELLM_API_KEY }}}}',
          },
        ],
      },
    },
    secrets: dotenv(OWN, '~/.continue/.env'),
    source: 'continuedev/continue docs/customize/model-providers/top-level/openai.mdx',
  },
  cline: {
    variables: OWN,
    note: 'In its settings: provider LiteLLM, base URL {api_endpoint}, the key, and the model {model}.',
    source: 'cline/cline docs/provider-config/openai-compatible.mdx',
  },
  opencode: {
    variables: OWN,
    settings: {
      path: '~/.config/opencode/opencode.json',
      moved: [
        { by: 'OPENCODE_CONFIG', to: '' },
        { by: 'XDG_CONFIG_HOME', to: 'opencode/opencode.json' },
      ],
      format: 'json',
      members: {
        $schema: 'https://opencode.ai/config.json',
        provider: {
          litellm: {
            npm: '@ai-sdk/openai-compatible',
            name: 'LiteLLM',
            options: { baseURL: '{api_base_url}', apiKey: '{{env:LITELLM_API_KEY}}' },
            models: { '{model}': { name: '{model}' } },
          },
        },
      },
    },
    source: 'OpenCode docs, Providers',
  },
  'open-webui': {
    variables: OPEN_WEBUI,
    secrets: dotenv(OPEN_WEBUI),
    note: 'It reads them at its first start; later what its admin settings say counts.',
    source: 'open-webui/docs docs/reference/env-configuration.mdx',
  },
  librechat: {
    variables: OWN,
    settings: {
      path: 'librechat.yaml',
      format: 'yaml',
      kept: ['default', 'fetch'],
      members: {
        endpoints: {
          custom: [
            {
              name: 'LiteLLM',
              apiKey: '${{LITELLM_API_KEY}}',
              baseURL: '{api_base_url}',
              models: { default: ['{model}'], fetch: true },
              titleModel: '{model}',
            },
          ],
        },
      },
    },
    secrets: dotenv(OWN),
    source: 'LibreChat-AI/librechat.ai, ai_endpoints/litellm.mdx',
  },
  zed: {
    /* The variable is the name in capitals, so it is one word. */
    variables: { GATEWAY_API_KEY: '{key}' },
    settings: {
      path: '~/.config/zed/settings.json',
      moved: [{ by: 'XDG_CONFIG_HOME', to: 'zed/settings.json' }],
      format: 'json',
      kept: ['max_tokens'],
      members: {
        language_models: {
          openai_compatible: {
            /* It wants the size of the context window. */
            Gateway: { api_url: '{api_base_url}', available_models: [{ name: '{model}', max_tokens: 128_000 }] },
          },
        },
      },
    },
    source: 'zed-industries/zed docs/src/ai/llm-providers.md, configuring-zed',
  },
  langchain: {
    variables: OPENAI_API_BASE,
    secrets: dotenv(OPENAI_API_BASE),
    source: 'langchain-openai 1.7.4 chat_models/base.py',
  },
  llamaindex: {
    variables: OPENAI_API_BASE,
    secrets: dotenv(OPENAI_API_BASE),
    note: 'In code: OpenAILike(model="{model}", is_chat_model=True)',
    source: 'llama-index-llms-openai 0.8.3 utils.py',
  },
  /* Vercel's @ai-sdk/openai. Its @ai-sdk/anthropic wants ANTHROPIC_BASE_URL with /v1, unlike all others. */
  'ai-sdk': { variables: OPENAI, secrets: dotenv(OPENAI), source: 'vercel/ai packages/openai/src/openai-provider.ts' },
  'litellm-sdk': {
    variables: LITELLM,
    secrets: dotenv(LITELLM),
    note: 'In code: completion(model="litellm_proxy/{model}", …)',
    source: 'LiteLLM docs, LiteLLM Proxy (LLM Gateway)',
  },
  /* On standard input the key is in nobody's list of processes. */
  curl: {
    variables: OWN,
    note: `Try it: printf 'Authorization: Bearer %s' "$LITELLM_API_KEY" | curl -sS -H @- {api_base_url}/models`,
    source: 'curl 7.55 and newer, --header',
  },
  all: { variables: ALL, secrets: dotenv(ALL), source: 'the clients above' },
} satisfies Readonly<Record<string, ClientFacts>>;

export type Client = keyof typeof TABLE;

export const CLIENTS: Readonly<Record<Client, ClientFacts>> = TABLE;
