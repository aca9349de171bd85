/** What keys had spent at one moment, without a secret: two of them tell what was spent in between. */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { FIGURES, type Figures, type UsageLine } from './usage.ts';

/**
 * A key's figures. `spend`: since its budget began anew; `total_spend`: ever, where the version tells it; `used`: what was
 * counted of its calls since `Snapshot.since`.
 */
export type KeyFigures = {
  readonly key_id: string;
  readonly key_alias: string | null;
  readonly set: string | null;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly created_at: string | null;
  readonly expires: string | null;
  readonly last_active: string | null;
  readonly max_budget: number | null;
  readonly budget_reset_at: string | null;
  readonly spend: number;
  readonly total_spend: number | null;
  readonly used: Figures;
};

/** `at`: by the server's clock. `since`: the day from which calls are counted; `source`: the route that counts them. */
export type Snapshot = {
  readonly version: 1;
  readonly at: string;
  readonly url: string;
  readonly since: string;
  readonly source: string;
  readonly keys: readonly KeyFigures[];
};

export const NO_FIGURES: Figures = { requests: 0, failed: 0, prompt_tokens: 0, completion_tokens: 0, spend: 0 };

/** Reads one from JSON; `null`: it is none. */
export function snapshotIn(json: Json | undefined): Snapshot | null {
  if (!isObject(json) || json['version'] !== 1) return null;
  const { at, url, since, source, keys } = json;
  if (!isText(at) || !isText(url) || !isText(since) || !isText(source) || !isList(keys)) return null;
  const read = keys.flatMap((key) => figuresIn(key) ?? []);
  return read.length === keys.length ? { version: 1, at, url, since, source, keys: read } : null;
}

function figuresIn(json: Json): KeyFigures | null {
  if (!isObject(json) || !isText(json['key_id']) || typeof json['spend'] !== 'number') return null;
  const text = (name: string): string | null => (isText(json[name]) ? json[name] : null);
  const number = (name: string): number | null => (typeof json[name] === 'number' ? json[name] : null);
  const used: JsonObject = isObject(json['used']) ? json['used'] : {};
  const counts = FIGURES.map((name) => [name, typeof used[name] === 'number' ? used[name] : 0] as const);
  return {
    key_id: json['key_id'],
    key_alias: text('key_alias'),
    set: text('set'),
    user_id: text('user_id'),
    team_id: text('team_id'),
    created_at: text('created_at'),
    expires: text('expires'),
    last_active: text('last_active'),
    max_budget: number('max_budget'),
    budget_reset_at: text('budget_reset_at'),
    spend: json['spend'],
    total_spend: number('total_spend'),
    used: { ...NO_FIGURES, ...Object.fromEntries(counts) },
  };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

/** What was used between two, dearest first, and in words what is odd about it. */
export type Between = { readonly lines: readonly UsageLine[]; readonly notices: readonly BetweenNotice[] };

/** `reset`: its budget began anew in between; `gone`, `new`: it is in one of them alone; `uncounted`: its calls cannot be compared. */
export type BetweenNotice = { readonly key: string; readonly is: 'reset' | 'gone' | 'new' | 'uncounted' };

/** A key in a report of use, with what it used. */
export function lineOf({ key_id, key_alias, spend, max_budget, last_active }: KeyFigures, used: Figures): UsageLine {
  const budget = { spend, max_budget };
  return { ...used, values: [key_id], key_alias, team_alias: null, budget, last_used: last_active, exists: true };
}

/** The difference of two, key by key. A key that is new has used all that it has. */
export function between(before: Snapshot, after: Snapshot): Between {
  const first = new Map(before.keys.map((key) => [key.key_id, key]));
  const there = new Set(after.keys.map(({ key_id }) => key_id));
  const notices: BetweenNotice[] = [];
  const say = ({ key_alias, key_id }: KeyFigures, is: BetweenNotice['is']): void =>
    void notices.push({ key: key_alias ?? key_id.slice(0, 12), is });
  for (const key of before.keys) if (!there.has(key.key_id)) say(key, 'gone');
  const lines = after.keys.map((key): UsageLine => {
    const old = first.get(key.key_id);
    const isCounted = old === undefined || isComparable(key, before, after);
    if (old === undefined) say(key, 'new');
    else if (key.spend < old.spend || key.budget_reset_at !== old.budget_reset_at) say(key, 'reset');
    if (!isCounted) say(key, 'uncounted');
    const used = isCounted ? usedBetween(old?.used ?? NO_FIGURES, key.used) : NO_FIGURES;
    return lineOf(key, { ...used, spend: spentBetween(old, key) });
  });
  return { lines: lines.toSorted((a, b) => b.spend - a.spend || b.requests - a.requests), notices };
}

/** Calls are counted from the same day, or from before the key was made. */
function isComparable({ created_at }: KeyFigures, before: Snapshot, after: Snapshot): boolean {
  const made = created_at?.slice(0, 10) ?? '';
  return before.since === after.since || (made >= before.since && made >= after.since);
}

function usedBetween(before: Figures, after: Figures): Figures {
  const [a, b] = [before, after];
  return {
    requests: least(b.requests - a.requests),
    failed: least(b.failed - a.failed),
    prompt_tokens: least(b.prompt_tokens - a.prompt_tokens),
    completion_tokens: least(b.completion_tokens - a.completion_tokens),
    spend: least(b.spend - a.spend),
  };
}

/** What no budget that began anew has cut comes first; what calls cost, and what is there since then, are the least that it can be. */
function spentBetween(before: KeyFigures | undefined, after: KeyFigures): number {
  if (before === undefined) return rounded(after.total_spend ?? Math.max(after.spend, after.used.spend));
  if (before.total_spend !== null && after.total_spend !== null) return least(after.total_spend - before.total_spend);
  const isReset = after.spend < before.spend || after.budget_reset_at !== before.budget_reset_at;
  if (!isReset) return least(after.spend - before.spend);
  return Math.max(least(after.used.spend - before.used.spend), rounded(after.spend));
}

function least(value: number): number {
  return Math.max(0, rounded(value));
}

/** Sums of binary fractions have a tail that no price has. */
function rounded(dollars: number): number {
  return Number(dollars.toFixed(10));
}
