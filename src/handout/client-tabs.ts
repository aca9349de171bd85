/** The tabs of the page: what each client reads. */
import { fill } from '../base/template.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import { filledMembers, filledVariables } from '../encode/filled.ts';
import { settingsText } from '../encode/settings.ts';
import type { ClientTab } from './page-data.ts';

/** As each calls itself, in the order of the tabs; `null`: a list for scripts, and no client. */
const LABELS: Readonly<Record<Client, string | null>> = {
  openai: 'OpenAI SDK',
  anthropic: 'Anthropic SDK',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  'gemini-cli': 'Gemini CLI',
  opencode: 'OpenCode',
  aider: 'aider',
  cline: 'Cline',
  continue: 'Continue',
  zed: 'Zed',
  langchain: 'LangChain',
  llamaindex: 'LlamaIndex',
  'ai-sdk': 'Vercel AI SDK',
  'litellm-sdk': 'LiteLLM SDK',
  curl: 'curl',
  'open-webui': 'Open WebUI',
  librechat: 'LibreChat',
  all: null,
};

/** Each word stands for itself until the browser has the letter; braces that are doubled in the table are single from here on. */
const ITSELF = {
  key: '{key}',
  api_endpoint: '{api_endpoint}',
  api_base_url: '{api_base_url}',
  model: '{model}',
  small_model: '{model}',
};

export async function clientTabs(): Promise<readonly ClientTab[]> {
  const tabs: ClientTab[] = [];
  for (const [name, label] of Object.entries(LABELS)) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the names of a record of clients
    const client = name as Client;
    const { variables, settings, note } = CLIENTS[client];
    if (label === null) continue;
    tabs.push({
      client,
      label,
      variables: Object.fromEntries(filledVariables(variables, ITSELF)),
      file:
        settings === undefined
          ? null
          : { path: settings.path, text: await settingsText(settings.format, filledMembers(settings.members, ITSELF)) },
      note: note === undefined ? null : fill(note, ITSELF),
    });
  }
  return tabs;
}
