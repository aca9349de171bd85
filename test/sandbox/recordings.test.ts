import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject, parseJson } from '../../src/base/json.ts';
import type { SandboxRequest } from '../../src/sandbox/respond.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';

/** What a real LiteLLM proxy answered; the cases of a version build on each other. All keys in it are made up. */
type Recorded = {
  readonly case: string;
  readonly method: string;
  readonly path: string;
  /** Absent: the master key as a bearer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly status: number;
  readonly answer: Json;
  readonly answerHeaders?: Readonly<Record<string, string>>;
};

/** Recorded cases that the fixtures leave out, and why. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^(nodatabase_get_)?(global_)?spend_|_daily_activity/, 'the sandbox has no reports of spend'],
  [/model_info$/, 'some 200 prices and capabilities a model, which nobody reads here'],
  [
    /^(team_update|member_|v2_team_list|list_expand_user$)|user_list$/,
    'teams, users and members have recordings of their own',
  ],
  [
    /^chat_over_budget$/,
    '1.108.7 refused this one for what the dearest answer would have cost; the sandbox counts real cost',
  ],
];

const MASTER_KEY = 'sk-master-1234';

function start(kind: string, version: SandboxVersion, now: () => Date): Sandbox {
  const common = { version, now, masterKey: MASTER_KEY };
  if (kind === 'nodatabase') return createSandbox({ ...common, database: 'none' });
  if (kind !== 'limits') return createSandbox(common);
  return createSandbox({
    ...common,
    keyDefaults: {
      max_budget: 1.5,
      models: ['gpt-4o-mini'],
      duration: '20d',
      budget_duration: '7d',
      tpm_limit: 111,
      metadata: { setby: 'default' },
    },
    upperBounds: {
      max_budget: 100,
      budget_duration: '30d',
      duration: '90d',
      max_parallel_requests: 10,
      tpm_limit: 1000,
      rpm_limit: 100,
    },
    checkAliasFormat: true,
    disableCustomKeys: true,
  });
}

/** The recording's hashes and secrets → the sandbox's, as far as its answers have told them. */
type Names = Map<string, string>;

function rename(names: Names, text: string): string {
  return text.replaceAll(/sk-[\w-]{22}|[0-9a-f]{64}/g, (name) => names.get(name) ?? name);
}

function learn(names: Names, recorded: Json, answered: Json): void {
  if (!isObject(recorded) || !isObject(answered)) return;
  for (const member of ['token_id', 'token', 'key']) {
    const [before, after] = [recorded[member], answered[member]];
    if (typeof before === 'string' && typeof after === 'string' && !names.has(before)) names.set(before, after);
  }
}

function requestOf(recorded: Recorded, names: Names): SandboxRequest {
  const { method, path, headers = { authorization: `Bearer ${MASTER_KEY}` }, body } = recorded;
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  return {
    method,
    path: rename(names, path),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, rename(names, value)])),
    body: path === '/login' && isObject(body) ? formOf(body) : rename(names, text),
  };
}

function formOf(body: JsonObject): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) if (typeof value === 'string') form.set(name, value);
  return form.toString();
}

/** Members and JSON types all the way down, an array as its first item; an error in its words. */
function shapeOf(value: Json, member = ''): Json {
  if (member === 'error') return withoutNames(value);
  // Written some seconds after a call, so that a recording may show it before or after.
  if (member === 'last_active') return 'time';
  if (Array.isArray(value)) return value.slice(0, 1).map((item: Json) => shapeOf(item));
  if (!isObject(value)) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner, name)]));
}

function withoutNames(error: Json): Json {
  const text = JSON.stringify(error)
    .replaceAll(/[0-9a-f]{64}|sk-[\w-]{22}|sk-\.\.\.[\w-]{4}/g, '<key>')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+00:00)?/g, '<time>');
  return parseJson(text) ?? null;
}

function claimsOf(cookie: string | undefined): Json {
  return parseJson(Buffer.from(cookie?.split('.')[1] ?? '', 'base64url').toString()) ?? null;
}

describe.each(SANDBOX_VERSIONS)('the sandbox as %s', (version) => {
  const fixture = new URL(`../fixtures/recordings/${version}.json`, import.meta.url);
  // oxlint-disable-next-line no-unsafe-type-assertion -- our own file
  const recordings = JSON.parse(readFileSync(fixture, 'utf8')) as {
    cases: readonly Recorded[];
    leftOut: readonly string[];
  };
  const sandboxes = new Map<string, Sandbox>();
  const names: Names = new Map();
  let clock = Date.parse('2026-11-21T10:24:00Z');

  const ask = (recorded: Recorded) => {
    clock += 500;
    const [prefix = ''] = recorded.case.split('_');
    const kind = ['limits', 'nodatabase', 'databasedown'].includes(prefix) ? prefix : 'plain';
    const sandbox = sandboxes.get(kind) ?? start(kind, version, () => new Date(clock));
    sandboxes.set(kind, sandbox);
    return { sandbox, response: sandbox.handle(requestOf(recorded, names)) };
  };

  /** A key that was used lately goes on working without the database. */
  const loseDatabase = () => {
    const cached = recordings.cases.find((recorded) => recorded.case === 'databasedown_cached_key');
    if (cached !== undefined) ask(cached).sandbox.setDatabase('down');
  };

  it.each(recordings.cases)('answers $case as the proxy did', (recorded) => {
    if (recorded.case === 'databasedown_get_health_readiness') loseDatabase();
    const { response } = ask(recorded);
    const isJson = response.headers['content-type'] === 'application/json';
    const answer = isJson ? (parseJson(response.body) ?? null) : response.body;
    const [before, after] = [recorded.answerHeaders?.['set-cookie'], response.headers['set-cookie']].map(claimsOf);
    learn(names, recorded.answer, answer);
    learn(names, before ?? null, after ?? null);
    expect({ status: response.status, answer: shapeOf(answer), claims: shapeOf(after ?? null) }).toEqual({
      status: recorded.status,
      answer: shapeOf(recorded.answer),
      claims: shapeOf(before ?? null),
    });
    expect(response.headers['location']).toBe(recorded.answerHeaders?.['location']);
  });

  it('leaves out no case without a reason', () => {
    expect(recordings.leftOut.filter((name) => !LEFT_OUT.some(([pattern]) => pattern.test(name)))).toEqual([]);
    expect(recordings.leftOut.length).toBeLessThan(recordings.cases.length / 7);
  });
});
