/** Where specs say otherwise than what was asked for of their keys by hand: the next apply would go back to that. */
import { sameJson, type Json } from '../base/json.ts';
import { FIELDS, isFieldName } from '../kinds/key.ts';
import { sameField } from '../model/fields.ts';
import { ALIKE, sameEnd, wantedEnd } from '../model/lifetime.ts';
import type { Desired, Lifetime, Live, Origin } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import type { SpecLine } from '../model/spec-line.ts';
import type { WishedKey } from './change-keys.ts';

/** What was read of specs: all of them, and where they say what a field of a key is. */
export type Written = {
  readonly specs: readonly Spec[];
  readonly fieldAt: (desired: Desired, field: string) => Origin | null;
};

type Difference = Pick<SpecLine, 'field' | 'from' | 'to'>;

/** One for each place and field. */
export function linesOf(wished: readonly WishedKey[], { specs, fieldAt }: Written, now: Date): readonly SpecLine[] {
  const lines = new Map<string, Omit<SpecLine, 'others'>>();
  for (const { live, wish, word } of wished) {
    if (word === null) continue;
    for (const each of differencesOf(word.desired, wish, live, now)) {
      const origin = fieldAt(word.desired, each.field);
      if (origin === null) continue;
      const id = JSON.stringify([origin, each.field]);
      const line = lines.get(id);
      const to = line === undefined || sameJson(line.to, each.to) ? each.to : null;
      lines.set(id, { ...each, origin, to, keys: [...(line?.keys ?? []), word.desired] });
    }
  }
  const all = specs.flatMap(({ desired }) => desired).filter(({ ref }) => ref.kind === 'key');
  return [...lines.values()].map((line) => {
    const same = all.filter((each) => isSaid(each, line.field) && isAt(line.origin, fieldAt(each, line.field)));
    return { ...line, others: same.length - line.keys.length };
  });
}

function isSaid({ settings, lifetime }: Desired, field: string): boolean {
  return Object.hasOwn(settings, field) || (lifetime !== undefined && !isFieldName(field));
}

function isAt(one: Origin, other: Origin | null): boolean {
  return other !== null && one.file === other.file && one.line === other.line && one.column === other.column;
}

function differencesOf(spec: Desired, wish: Desired, live: Live, now: Date): readonly Difference[] {
  const fields = Object.entries(wish.settings).flatMap(([field, to]): readonly Difference[] => {
    const from = spec.settings[field];
    if (from === undefined || !isFieldName(field) || !isPlain(to) || sameField(FIELDS[field], to, from)) return [];
    return [{ field, from, to }];
  });
  return [...fields, ...endDifferences(spec.lifetime, wish.lifetime, live, now)];
}

function endDifferences(
  spec: Lifetime | undefined,
  wish: Lifetime | undefined,
  live: Live,
  now: Date,
): readonly Difference[] {
  const { created_at } = live;
  if (spec === undefined || wish === undefined || wish === 'never' || !('expires' in wish)) return [];
  const { expires } = wish;
  if (sameEnd(wantedEnd(spec, created_at, now), expires, ALIKE)) return [];
  if (spec === 'never') return [{ field: 'expires', from: null, to: endText(expires, expires, null) }];
  if ('expires' in spec)
    return [{ field: 'expires', from: spec.expires, to: endText(expires, spec.expires, live.expires) }];
  const lived = created_at === null ? null : Date.parse(expires) - Date.parse(created_at);
  return [{ field: 'duration', from: spec.duration, to: lived === null ? null : durationOf(lived) }];
}

/** A server stores an end some seconds off: what was round in the spec stays so. */
function endText(wanted: string, spec: string, live: string | null): string {
  const moved = live === null ? wanted : new Date(Date.parse(spec) + Date.parse(wanted) - Date.parse(live));
  const ends = [new Date(wanted), new Date(moved)];
  const round = [60_000, 1000].flatMap((size) => ends.find((end) => end.getTime() % size === 0) ?? [])[0] ?? ends[0];
  return String(round?.toISOString()).replace('.000Z', 'Z');
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** A length of time in the biggest unit in which it is told as exactly as ends are compared. */
function durationOf(milliseconds: number): string {
  for (const [unit, size] of UNITS) {
    const count = Math.round(milliseconds / size);
    if (count > 0 && Math.abs(count * size - milliseconds) < ALIKE / 2) return `${String(count)}${unit}`;
  }
  return `${String(Math.round(milliseconds / 1000))}s`;
}

function isPlain(value: Json): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
