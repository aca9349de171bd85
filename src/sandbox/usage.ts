/** What calls came to, as LiteLLM keeps it for its usage routes; here at once, there some seconds later. */
import { isObject, parseJson } from '../base/json.ts';
import { texts } from './fields.ts';
import { ADMIN_USER, hashOf, type Server, type StoredKey } from './state.ts';

/** One call. */
export type Counted = {
  readonly day: string;
  /** Whatever stands for its key: a hash, nothing, or worse. */
  readonly api_key: string;
  readonly user_id: string;
  readonly team_id: string;
  readonly model: string;
  readonly model_group: string;
  readonly tags: readonly string[];
  readonly failed: boolean;
};

export const PROMPT_TOKENS = 10;
export const COMPLETION_TOKENS = 20;
export const COST = 0.05;

/** Whether a request counts. */
export function isCounted(method: string, path: string): boolean {
  return method === 'POST' && /^(\/v1)?\/chat\/completions$/.test(path);
}

/** Counts a call with what was sent, also one that was refused. */
export function countCall(server: Server, secret: string, body: string, status: number): void {
  const { facts, settings } = server;
  const failed = status >= 400;
  const row = server.keys.get(hashOf(secret)) ?? null;
  const isMaster = secret === settings.masterKey;
  const asked = parseJson(body);
  const name = isObject(asked) && typeof asked['model'] === 'string' ? asked['model'] : '';
  server.counted.push({
    day: server.now().toISOString().slice(0, 10),
    api_key: isMaster ? (facts.usageMaster ?? hashOf(secret)) : apiKeyOf(server, row, secret, failed),
    user_id: isMaster ? ADMIN_USER : (row?.user_id ?? ''),
    team_id: row?.team_id ?? '',
    ...modelOf(server, name, failed),
    tags: texts(row?.metadata?.['tags']),
    failed,
  });
}

function apiKeyOf({ facts }: Server, row: StoredKey | null, secret: string, failed: boolean): string {
  if (row === null) return { none: '', plain: `Bearer ${secret}`, hash: hashOf(secret) }[facts.usageUnknownKey];
  return failed && facts.usageUnknownKey === 'none' ? '' : row.token;
}

function modelOf(
  { facts, settings }: Server,
  name: string,
  failed: boolean,
): { readonly model: string; readonly model_group: string } {
  const isKnown = settings.models.includes(name);
  if (failed && facts.usageModel !== 'always stored') return { model: name, model_group: '' };
  if (!isKnown) return { model: 'unknown-model', model_group: '' };
  return { model: facts.usageModel === 'public' ? name : `openai/${name}`, model_group: name };
}
