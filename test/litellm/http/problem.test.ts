import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readProblem, type ProblemCode } from '../../../src/litellm/http/problem.ts';
import { SANDBOX_VERSIONS } from '../../../src/sandbox/versions.ts';
import { Secret } from '../../../src/base/secret.ts';

type Recorded = { readonly case: string; readonly status: number; readonly answer: unknown };

/** Everything that real servers of this version refused. */
function refusals(version: string): readonly Recorded[] {
  const file = new URL(`../../fixtures/recordings/${version}.json`, import.meta.url);
  const { cases }: { cases: readonly Recorded[] } = JSON.parse(readFileSync(file, 'utf8'));
  return cases.filter(({ status }) => status >= 400);
}

/** Those that say nothing of what is wrong. */
const MUTE = /^(nodatabase|databasedown)_post_key_block$|^databasedown_get_(team_list|health_readiness)$/;

function isMute({ case: name, answer }: Recorded): boolean {
  return MUTE.test(name) || JSON.stringify(answer).includes('Details are in the proxy server logs');
}

/** The first pattern that fits a case says what it is, whatever status its version gives it. */
const MEANINGS: readonly (readonly [RegExp, ProblemCode])[] = [
  [/alias_taken$/, 'alias_taken'],
  [/custom_key_disabled/, 'custom_keys_disabled'],
  [/premium|tags_empty|^regenerate/, 'licence'],
  [/^(update_unknown|info_unknown|info_deleted)$/, 'key_not_found'],
  [/^delete_unknown$/, 'no_keys_found'],
  [/^auth_(none|unknown_key|not_sk|without_bearer)$|^login_failed$|^chat_(blocked|deleted)$/, 'credential'],
  [/^(create|update)_(bad_duration|type_error|invalid_json|negative_budget|without_key|models_null)$/, 'invalid'],
  [/^limits_(create|update)_over/, 'invalid'],
  [/^chat_rate_limited$/, 'busy'],
  [/^(not_found|create_v1_prefix|.*readiness_details)$/, 'not_found'],
  [/^internal_user_(info|delete)_foreign$|^auth_plain_key_on_list$/, 'forbidden'],
  [/^nodatabase_/, 'no_database'],
  [/^databasedown_/, 'database_away'],
];

describe.each(SANDBOX_VERSIONS)('what LiteLLM %s refuses', (version) => {
  const all = refusals(version).flatMap((one) => {
    const meaning = MEANINGS.find(([pattern]) => pattern.test(one.case));
    return meaning === undefined || isMute(one) ? [] : [{ ...one, code: meaning[1] }];
  });

  it.each(all)('$case ($status) is $code', ({ status, answer, code }) => {
    expect(readProblem(status, typeof answer === 'string' ? answer : JSON.stringify(answer)).code).toBe(code);
  });
});

it.each([
  [
    400,
    '{"error":{"message":"Bad.","type":"bad_request_error","param":"x","code":"400"}}',
    'Bad.',
    'bad_request_error',
  ],
  [404, `{"error":{"message":"{'error': 'No keys found'}","type":"None"}}`, 'No keys found', null],
  [404, `{"error":{"message":"{'message': \\"It's gone\\"}"}}`, "It's gone", null],
  [404, '{"detail":"Not Found"}', 'Not Found', null],
  [404, '{"detail":{"error":"Team not found, passed team_id=x"}}', 'Team not found, passed team_id=x', null],
  [404, '{"detail":{"message":"Gone"}}', 'Gone', null],
  [
    422,
    '{"detail":[{"loc":["body","max_budget"],"msg":"not a number","input":"sk-secret-value"}]}',
    'max_budget: not a number',
    null,
  ],
  [422, '{"detail":[{"loc":"body","msg":5},"x"]}', ': ', null],
  [400, '{"error":"Just words"}', 'Just words', null],
  [400, '{"message":"Words of a gateway"}', 'Words of a gateway', null],
  [400, '{"error":{"message":{"code":7}}}', '{"code":7}', null],
  [500, 'Internal Server Error', 'Internal Server Error', null],
  [
    502,
    '<html><head><style>a{}</style><title>502</title></head><body><h1>Bad&nbsp;Gateway</h1></body>',
    '502 Bad&nbsp;Gateway',
    null,
  ],
  [500, '', 'HTTP 500', null],
  [500, '[1]', 'HTTP 500', null],
  [500, '{}', 'HTTP 500', null],
])('%i %s reads as %j', (status, body, message, type) => {
  expect(readProblem(status, body)).toMatchObject({ status, message, type });
});

it.each([
  ['Received=abcd****mnop, expected to start', 'Received=[secret], expected to start'],
  ['Received="sk-****box", expected', 'Received="[secret]", expected'],
  ['Received API Key = sk-...0000, Key Hash', 'Received API Key = sk-[secret], Key Hash'],
  ['Your user_id=*******', 'Your user_id=[secret]'],
  ['a * b ** c ... d', 'a * b ** c ... d'],
])('shows no letters of what the server masked: %s', (message, clean) => {
  expect(readProblem(401, JSON.stringify({ error: { message } })).message).toBe(clean);
});

it('cuts a long page of HTML', () => {
  expect(readProblem(502, `<p>${'word '.repeat(1000)}`).message.length).toBeLessThanOrEqual(300);
});

it.each([
  [400, null, 'invalid'],
  [401, 'auth_error', 'credential'],
  [403, null, 'forbidden'],
  [404, null, 'not_found'],
  [422, null, 'invalid'],
  [429, null, 'busy'],
  [502, null, 'busy'],
  [503, null, 'busy'],
  [504, null, 'busy'],
  [408, null, 'busy'],
  [425, null, 'busy'],
  [520, null, 'busy'],
  [521, null, 'busy'],
  [522, null, 'busy'],
  [523, null, 'busy'],
  [524, null, 'busy'],
  [529, null, 'busy'],
  [525, null, 'other'],
  [500, null, 'other'],
  [400, 'no_db_connection', 'no_database'],
  [503, 'no_db_connection', 'database_away'],
])('%i of type %s without a word is %s', (status, type, code) => {
  expect(readProblem(status, JSON.stringify({ error: { message: 'x', type } })).code).toBe(code);
});

it.each<[number, string, boolean]>([
  [400, '{"error":{"message":"Bad.","type":"bad_request_error"}}', true],
  [403, '{"detail":"Virtual key is not allowed to call this route."}', true],
  [500, 'Internal Server Error', false],
  [500, 'Internal Server Error, Unsupported duration unit, passed duration: 1y', true],
  [404, '{"detail":"Not Found"}', false],
  [404, '{"error":{"message":"Key not found in database","type":"not_found_error"}}', true],
  [502, '<html>', false],
  [401, '{"error":"Unauthorized"}', false],
])('%i %s is said by LiteLLM: %s', (status, body, isLiteLLM) => {
  expect(readProblem(status, body).isLiteLLM).toBe(isLiteLLM);
});

describe('a 403 for a change', () => {
  /* Those of the caller as LiteLLM 1.65.8 to 1.110.2 write them. */
  it.each([
    "You are not authorized to access this endpoint. No 'user_id' is associated with your API key.",
    "You are not allowed to access this key's info. Your role=internal_user",
    'You are not authorized to delete this key',
    "Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. Tried to call route: /key/generate",
    'User can only create keys for their own team. Got=x, Your Team ID=None',
    'User can only create keys for themselves. Got user_id=x, Your ID=y',
    'user not allowed to access this route, role= proxy_admin_viewer. Trying to access: /key/generate',
    'Only proxy admins can set `permissions`.',
    'Only proxy admins, team admins, or org admins can call /key/update. user_role=internal_user, user_id=x',
    'Non-admin users cannot remove the user_id from a key.',
  ])('is about who asks where it says so: %s', (message) => {
    expect(readProblem(403, JSON.stringify({ error: { message } }), { changes: true }).code).toBe('forbidden');
  });

  it.each([
    'cost_center is required by the company',
    "Key requests MCP servers not allowed by its team: ['gone-server']",
    'Referenced object permission does not exist',
    "Key=abc has a tpm_limit=5 which is greater than the team's tpm_limit=1.",
    'User=x is not a member of the team=y. Check team members via `/team/info`.',
    'Authentication Failed - Custom Auth Rule',
    '<html><h1>403 Forbidden</h1></html>',
    '',
  ])('is about the change otherwise: %s', (message) => {
    const body = message.startsWith('<') ? message : JSON.stringify({ error: { message } });
    expect(readProblem(403, body, { changes: true }).code).toBe('denied');
    expect(readProblem(403, body).code).toBe('forbidden');
  });
});

it('repeats no key, token or credential', () => {
  const own = new Secret('a master key without a prefix');
  const said = `Received=${own.reveal()} sk-abcd1234 sha256~abcd eyJhbGciOi.eyJzdWIi.c2ln`;
  const { message } = readProblem(401, JSON.stringify({ error: { message: said } }), { secrets: [own] });
  expect(message).toBe('Received=[secret] sk-[secret] sha256~[secret] [secret]');
});

it('an admin whom a team cannot have without a licence is refused for want of one', () => {
  const body = JSON.stringify({ detail: { error: 'Assigning team admins is a premium feature. Buy it.' } });
  expect(readProblem(400, body, { changes: true }).code).toBe('licence');
});
