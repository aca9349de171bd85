import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readProblem, type ProblemCode } from '../../../src/litellm/http/problem.ts';
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

describe.each(['1.65.8', '1.77.7', '1.83.14', '1.108.7'])('what LiteLLM %s refuses', (version) => {
  const all = refusals(version).flatMap((one) => {
    const meaning = MEANINGS.find(([pattern]) => pattern.test(one.case));
    return meaning === undefined || MUTE.test(one.case) ? [] : [{ ...one, code: meaning[1] }];
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
  [500, null, 'other'],
  [400, 'no_db_connection', 'no_database'],
  [503, 'no_db_connection', 'database_away'],
])('%i of type %s without a word is %s', (status, type, code) => {
  expect(readProblem(status, JSON.stringify({ error: { message: 'x', type } })).code).toBe(code);
});

it('repeats no key, token or credential', () => {
  const own = new Secret('a master key without a prefix');
  const said = `Received=${own.reveal()} sk-abcd1234 sha256~abcd eyJhbGciOi.eyJzdWIi.c2ln`;
  const { message } = readProblem(401, JSON.stringify({ error: { message: said } }), [own]);
  expect(message).toBe('Received=[secret] sk-[secret] sha256~[secret] [secret]');
});
