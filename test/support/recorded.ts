import { existsSync, readFileSync } from 'node:fs';
import { isList, isObject, type Json } from '../../src/base/json.ts';

/**
 * What a real LiteLLM proxy answered in a life of budgets, users, teams and members; the cases build on each other. `~`
 * stands for what the names of that life began with.
 */
export type RecordedCase = {
  readonly case: string;
  readonly method: string;
  readonly path: string;
  /** Absent: the master key as a bearer. */
  readonly headers?: { readonly authorization: string };
  readonly body?: Json;
  readonly status: number;
  /** Absent where only the status is of interest. */
  readonly answer?: Json;
};

/** The recorded life of people on a version; empty where there is none. */
export function recordedPeople(version: string): readonly RecordedCase[] {
  const file = new URL(`../fixtures/recordings/people-${version}.json`, import.meta.url);
  if (!existsSync(file)) return [];
  // oxlint-disable-next-line no-unsafe-type-assertion -- our own file
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly RecordedCase[] }).cases;
}

/** Lists that come in the order in which the database happens to have the rows. */
const UNORDERED: ReadonlySet<string> = new Set(['keys', 'team_memberships', '/budget/list']);

/**
 * An answer without what is another one each time: random ids, hashes, the time of day except for a calendar's boundary,
 * when a key was used, and what calls have cost so far, which is written some seconds later.
 */
export function comparable(answer: Json, path: string): Json {
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
  return inOrder(JSON.parse(text) as Json, path);
}

function inOrder(value: Json, name: string): Json {
  if (isList(value)) {
    const items = value.map((item) => inOrder(item, ''));
    return UNORDERED.has(name) ? items.toSorted((a, b) => (print(a) < print(b) ? -1 : 1)) : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, inOrder(inner, member)]));
}

function print(row: Json): string {
  return JSON.stringify(Object.entries(row ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
