import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isList, type Json, parseJson } from '../../src/base/json.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';

/** What a real LiteLLM proxy answered in a life of budgets, users, teams and members; the cases build on each other. */
type Recorded = {
  readonly case: string;
  readonly method: string;
  readonly path: string;
  /** Absent: the master key as a bearer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly status: number;
  /** Absent where only the status is of interest. */
  readonly answer?: Json;
};

const MASTER_KEY = 'sk-master-1234';

/** Rows that the database gives in an order of its own. */
const UNORDERED = /^\/budget\/list/;

/** An answer without what is another one each time: random ids, hashes, and the time of day except for a calendar's boundary. */
function comparable(answer: Json, path: string): Json {
  const text = JSON.stringify(answer)
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/-budget-[0-9a-f]{32}/g, '-budget-<id>')
    .replaceAll(/[0-9a-f]{64}/g, '<hash>')
    .replaceAll(/("(?:total_)?spend":)0(\.05|\.1|\.0)?(?=[,}])/g, '$1"<cost>"')
    .replaceAll(/Current cost: 0\.\d+/g, 'Current cost: <cost>')
    .replaceAll(/"last_active":("[^"]*"|null)/g, '"last_active":"<time>"')
    .replaceAll(/(\d{4}-\d\d-\d\d)T(?!00:00:00)\d\d:\d\d:\d\d(\.\d+)?/g, '$1T<time>')
    .replaceAll(/"(model_)?id":\d+/g, '"$1id":0');
  // oxlint-disable-next-line no-unsafe-type-assertion -- JSON it was, and is
  const plain = JSON.parse(text) as Json;
  if (!isList(plain) || !UNORDERED.test(path)) return plain;
  const key = (row: Json): string => JSON.stringify(Object.entries(row ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return plain.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe.each(SANDBOX_VERSIONS)('people in the sandbox as %s', (version) => {
  const fixture = new URL(`../fixtures/recordings/people-${version}.json`, import.meta.url);
  // oxlint-disable-next-line no-unsafe-type-assertion -- our own file
  const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Recorded[] };
  let clock = Date.parse('2026-11-30T21:25:00.001Z');
  const sandbox = createSandbox({ version, now: () => new Date(clock), masterKey: MASTER_KEY });

  it.each(cases)('answers $case as the proxy did', ({ method, path, headers, body, status, answer }) => {
    clock += 100;
    const text = body === undefined ? '' : JSON.stringify(body);
    const authorization = headers?.authorization ?? `Bearer ${MASTER_KEY}`;
    const response = sandbox.handle({ method, path, headers: { authorization }, body: text });
    expect(response.status).toBe(status);
    if (answer === undefined) return;
    const isJson = response.headers['content-type'] === 'application/json';
    const answered = isJson ? (parseJson(response.body) ?? null) : response.body;
    expect(comparable(answered, path)).toEqual(comparable(answer, path));
  });
});
