import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../base/json.ts';
import { type Reply, ok, pythonDict, refuse, Refused, refuseDetail } from './answers.ts';
import { requireAdmin } from './auth.ts';
import type { Call } from './call.ts';
import { texts } from './fields.ts';
import { allows, checkOwners } from './allowance.ts';
import { charge, checkRates } from './charge.ts';
import type { StoredKey, Row, Server } from './state.ts';
import { COMPLETION_TOKENS, COST, PROMPT_TOKENS } from './usage.ts';

/** GET /v1/models: all for administrators; a key sees what it names, whether that exists or not. */
export function listModels({ server, caller, query }: Call): Reply {
  const names = usable(server, caller.row, query.get('team_id'));
  return ok({ data: names.map((name) => modelItem(server, name)), object: 'list' });
}

function modelItem({ facts }: Server, name: string): Row {
  const limits = facts.modelLimits && name === 'gpt-4o-mini';
  return {
    id: name,
    object: 'model',
    created: 1677610602,
    owned_by: 'openai',
    ...(limits ? { mode: 'chat', max_input_tokens: 128000, max_output_tokens: 16384 } : {}),
  };
}

/** GET /v1/models/NAME, for administrators. */
export function oneModel({ server, route, caller }: Call): Reply {
  requireAdmin(server, caller, route);
  const name = decodeURIComponent(route.slice('/v1/models/'.length));
  if (!server.settings.models.includes(name)) {
    throw refuseDetail(404, `The model \`${name}\` does not exist or is not accessible`);
  }
  return ok(modelItem(server, name));
}

/** GET /model/info: the existing models that the key may use. */
export function modelInfo({ server, caller }: Call): Reply {
  const names = usable(server, caller.row, null).filter((name) => server.settings.models.includes(name));
  return ok({
    data: names.map((name) => ({
      model_name: name,
      litellm_params: { input_cost_per_token: 0.001, output_cost_per_token: 0.002, model: `openai/${name}` },
      model_info: { id: name, db_model: false, key: name, litellm_provider: 'openai', mode: 'chat' },
    })),
  });
}

function usable(server: Server, row: StoredKey | null, teamId: string | null): readonly string[] {
  const all = server.settings.models;
  const team = server.teams.get(teamId ?? row?.team_id ?? '');
  const ofTeam = texts(team?.models);
  const own = row?.models ?? [];
  const names = own.length > 0 && !own.includes('all-team-models') ? own : ofTeam;
  if (names.includes('no-default-models')) return [];
  if (names.length === 0 || names.includes('all-proxy-models') || names.includes('*')) return all;
  return [
    ...new Set(names.flatMap((name) => (name.includes('*') ? all.filter((model) => allows(name, model)) : [name]))),
  ];
}

/** POST /v1/chat/completions: a canned text that costs 0.05 USD, refused as LiteLLM refuses. */
export function complete(call: Call): Reply {
  const { server, caller, body } = call;
  const model = typeof body.model === 'string' ? body.model : '';
  if (caller.row !== null) {
    checkOwners(server, caller.row, model);
    checkRates(server, caller.row);
  }
  if (!server.settings.models.includes(model)) throw unknownModel(server, model);
  if (caller.row !== null) charge(server, caller.row, COST);
  return {
    status: 200,
    headers: {
      'x-litellm-version': server.version,
      'x-litellm-response-cost': String(COST),
      'x-litellm-key-spend': String(caller.row?.spend ?? 0),
    },
    body: completion(server, model),
  };
}

function completion({ facts, now }: Server, model: string): Json {
  const nulls = (names: readonly string[]): JsonObject =>
    facts.nullsInCompletion ? Object.fromEntries(names.map((name) => [name, null])) : {};
  const message = { content: 'Hello from the canned model.', role: 'assistant' };
  return {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(now().getTime() / 1000),
    model,
    object: 'chat.completion',
    ...nulls(['system_fingerprint']),
    choices: [{ finish_reason: 'stop', index: 0, message: { ...message, ...nulls(['tool_calls', 'function_call']) } }],
    usage: {
      completion_tokens: COMPLETION_TOKENS,
      prompt_tokens: PROMPT_TOKENS,
      total_tokens: PROMPT_TOKENS + COMPLETION_TOKENS,
      ...nulls(['completion_tokens_details', 'prompt_tokens_details']),
    },
  };
}

function unknownModel({ facts }: Server, model: string): Refused {
  const text = `/chat/completions: Invalid model name passed in model=${model}. Call \`/v1/models\` to view available models for your key.`;
  if (facts.unknownModel === 'wrapped') return refuse(400, 'None', pythonDict('error', text));
  const typed = facts.unknownModel === 'typed';
  const error: Json = {
    message: text,
    type: typed ? 'invalid_request_error' : 'None',
    param: typed ? null : 'None',
    code: '400',
    provider_specific_fields: { error: text },
  };
  return new Refused({ status: 400, body: { error } });
}
