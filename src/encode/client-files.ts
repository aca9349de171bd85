/**
 * What a client wants in a file of its own, beside the variable that has its key: its base URL and models. The key stays out of
 * it, because each of these reads it from its environment or a file beside it. Looked up in 2026-11; look again each half year.
 */
import type { Client } from './clients.ts';
import { jsonText } from './json.ts';
import { yamlText } from './yaml.ts';

/** Where the server is, with `/v1`, and a model of the key. */
export type Gateway = { readonly api_base_url: string; readonly model: string };

/** Which file, or a part of it, and where the variable has to be. */
export type ClientFile = {
  readonly path: string;
  readonly variable: string;
  readonly text: (gateway: Gateway) => string;
};

export const CLIENT_FILES: Readonly<Partial<Record<Client, ClientFile>>> = {
  codex: {
    path: '~/.codex/config.toml',
    variable: 'in the environment',
    /* Anything but `responses` stops it at its start. */
    text: ({ api_base_url, model }) => `model = ${jsonText(model).trimEnd()}
model_provider = "litellm"

[model_providers.litellm]
name = "LiteLLM"
base_url = ${jsonText(api_base_url).trimEnd()}
env_key = "LITELLM_API_KEY"
wire_api = "responses"
`,
  },
  opencode: {
    path: '~/.config/opencode/opencode.json',
    variable: 'in the environment',
    text: ({ api_base_url, model }) =>
      jsonText({
        $schema: 'https://opencode.ai/config.json',
        provider: {
          litellm: {
            npm: '@ai-sdk/openai-compatible',
            name: 'LiteLLM',
            options: { baseURL: api_base_url, apiKey: '{env:LITELLM_API_KEY}' },
            models: { [model]: { name: model } },
          },
        },
      }),
  },
  continue: {
    path: '~/.continue/config.yaml',
    variable: 'in ~/.continue/.env, without quotes',
    text: ({ api_base_url, model }) =>
      yamlText({
        models: [
          {
            name: `LiteLLM ${model}`,
            provider: 'openai',
            model,
            apiBase: api_base_url,
            apiKey: '${{ secrets.LITELLM_API_KEY }}',
          },
        ],
      }),
  },
  librechat: {
    path: 'librechat.yaml',
    variable: 'in the .env beside it',
    text: ({ api_base_url, model }) =>
      yamlText({
        endpoints: {
          custom: [
            {
              name: 'LiteLLM',
              apiKey: '${LITELLM_API_KEY}',
              baseURL: api_base_url,
              models: { default: [model], fetch: true },
              titleModel: model,
            },
          ],
        },
      }),
  },
  zed: {
    path: 'settings.json of Zed',
    variable: 'in the environment',
    /* The variable is the name in capitals, so it is one word; it wants the size of the context window. */
    text: ({ api_base_url, model }) =>
      jsonText({
        language_models: {
          openai_compatible: {
            Gateway: { api_url: api_base_url, available_models: [{ name: model, max_tokens: 128_000 }] },
          },
        },
      }),
  },
};
