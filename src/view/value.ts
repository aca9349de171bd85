import { sameJson, stringifyJson, type Json, type JsonObject } from '../base/json.ts';
import type { FieldChange } from '../model/change.ts';
import type { Ref } from '../model/ref.ts';
import { oneLine } from '../encode/terminal.ts';
import { momentText } from './time.ts';

/** Lists with more members than this are shown as what comes and goes. */
const LONG = 3;

/** A field's value in words: `not set`, `all models`, `gpt-4o, claude-sonnet`, `2026-11-24 09:00 UTC (in 3 days)`. */
export function valueText(field: string, value: Json, now: Date): string {
  if (field === 'opens' && typeof value === 'string') return oneLine(momentText(value, now));
  if (field === 'expires' && (value === null || typeof value === 'string')) return oneLine(momentText(value, now));
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    return field === 'models' ? 'all models' : 'not set';
  }
  if (typeof value === 'string') return wordText(value);
  if (isNames(value)) return value.map(wordText).join(', ');
  return oneLine(stringifyJson(value));
}

/** One side of a change: a text of the field's own, or what stands for another value. */
export type Side = { readonly text: string; readonly isWord: boolean };

/** What becomes of a field: its value when it is new, before and after, or for a long list `+ gpt-5, - gpt-4o (12 stay)`. */
export function changeSides({ field, from, to }: FieldChange, isNew: boolean, now: Date): readonly Side[] {
  const plain = (text: string): Side => ({ text, isWord: false });
  const side = (value: Json): Side =>
    typeof value === 'string' && field !== 'expires' && field !== 'opens'
      ? { text: value, isWord: true }
      : plain(valueText(field, value, now));
  if (isNew) return [side(to)];
  if (sameJson(from, to)) return [plain(`${valueText(field, to, now)} changed`)];
  if (isNames(from) && isNames(to) && Math.max(from.length, to.length) > LONG) return [plain(membersText(from, to))];
  return [side(from), side(to)];
}

/** `5 → 10`. */
export function sidesText(sides: readonly Side[]): string {
  return sides.map(({ text, isWord }) => (isWord ? wordText(text) : text)).join(' → ');
}

function membersText(from: readonly string[], to: readonly string[]): string {
  const added = to.filter((name) => !from.includes(name)).map((name) => `+ ${wordText(name)}`);
  const removed = from.filter((name) => !to.includes(name)).map((name) => `- ${wordText(name)}`);
  const stay = from.length - removed.length;
  return `${[...added, ...removed].join(', ')} (${stay === 1 ? '1 stays' : `${String(stay)} stay`})`;
}

/** A text as it is, in quotes where it would be mistaken. */
function wordText(text: string): string {
  return /^$|^\s|\s$|[",]|^not set$|^never$/.test(text) ? oneLine(JSON.stringify(text)) : oneLine(text);
}

function isNames(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

/** `25 keys`, `1 team`, or, where they are of several kinds, `1 team, 3 users and 25 keys`. */
export function countKinds(refs: readonly Pick<Ref, 'kind'>[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of refs) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const counts = [...kinds].map(([kind, n]) => count(n, kind));
  if (counts.length === 0) return count(0, 'key');
  return counts.length === 1 ? counts.join('') : `${counts.slice(0, -1).join(', ')} and ${String(counts.at(-1))}`;
}

/** `1 key`, `25 keys`. */
export function count(n: number, word: string): string {
  return `${String(n)} ${word}${n === 1 ? '' : 's'}`;
}

/** `1.20 / 5.00`, `1.20` without a budget, `? / 5.00` where the spend is not told; small amounts keep their digits. */
export function spendText({ spend, max_budget_in_team, max_budget = max_budget_in_team }: JsonObject): string {
  const spent = typeof max_budget === 'number' && spend == null ? '?' : dollars(spend);
  return typeof max_budget === 'number' ? `${spent} / ${dollars(max_budget)}` : spent;
}

/** `1.20`; small amounts keep their digits. */
export function dollars(amount: Json | undefined): string {
  if (typeof amount !== 'number') return '';
  return amount === 0 || Math.abs(amount) >= 0.01 ? amount.toFixed(2) : String(Number(amount.toPrecision(2)));
}
