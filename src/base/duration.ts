/** A length of time as LiteLLM writes it: `30d`, `1mo`. */
export type Duration = { readonly count: number; readonly unit: Unit };
type Unit = keyof typeof SECONDS;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, mo: 30.5 * 86_400 } as const;
const LONGEST = 100 * 366 * 86_400;

/** `^[0-9]+(s|m|h|d|w|mo)$`, from one second to a hundred years; `null` for anything else. */
export function parseDuration(text: string): Duration | null {
  const [, digits, unit] = /^([0-9]+)(s|m|h|d|w|mo)$/.exec(text) ?? [];
  if (digits === undefined || !isUnit(unit)) return null;
  const count = Number(digits);
  return count >= 1 && count * SECONDS[unit] <= LONGEST ? { count, unit } : null;
}

function isUnit(unit: string | undefined): unit is Unit {
  return unit !== undefined && Object.hasOwn(SECONDS, unit);
}

/** Milliseconds that a duration can have at most: its months are the longest; `null` for what is none. */
export function longestSpan(duration: string): number | null {
  const parsed = parseDuration(duration);
  if (parsed === null) return null;
  return parsed.count * (parsed.unit === 'mo' ? 31 * SECONDS.d : SECONDS[parsed.unit]) * 1000;
}

/** Milliseconds of a length of time that may be none at all, `0`; `null` for what is none. */
export function spanOf(text: string): number | null {
  return /^0(s|m|h|d|w|mo)?$/.test(text) ? 0 : longestSpan(text);
}

/** The moment so long after `from`. `1mo` is the same day of the next month in UTC, or that month's last. */
export function endOf(duration: string, from: Date): Date {
  const parsed = parseDuration(duration);
  if (parsed === null) throw new RangeError(`not a duration: ${duration}`);
  const { count, unit } = parsed;
  if (unit !== 'mo') return new Date(from.getTime() + count * SECONDS[unit] * 1000);
  const end = new Date(from);
  end.setUTCMonth(from.getUTCMonth() + count);
  if (end.getUTCDate() !== from.getUTCDate()) end.setUTCDate(0);
  return end;
}

/** What to write instead of a text that is no duration: `365d` for `1y`, `90m` for `1h30m`. */
export function durationHint(text: string): string {
  const guess = guessDuration(text.trim());
  const shape = 'A duration is a whole number and one of s, m, h, d, w, mo, like 30d; at most a hundred years.';
  return guess !== null && parseDuration(guess) !== null ? `Did you mean ${guess}? ${shape}` : shape;
}

const DAYS_AND_LESS = ['d', 'h', 'm', 's'] as const;

function guessDuration(text: string): string | null {
  if (/^[0-9]+$/.test(text)) return `${text}d`;
  const months = /^P?([0-9]+) ?(?:M|mo|mon|months?)$/.exec(text)?.[1];
  if (months !== undefined) return `${months}mo`;
  const plain = text.toLowerCase().replaceAll(/[pt\s]/g, '');
  if (!/^(?:[0-9]+(?:\.[0-9]+)?[a-z]+)+$/.test(plain)) return null;
  let seconds = 0;
  for (const [, count, letter] of plain.matchAll(/([0-9.]+)([a-z])[a-z]*/g)) {
    if (letter === 'y') seconds += Number(count) * 365 * SECONDS.d;
    else if (isUnit(letter)) seconds += Number(count) * SECONDS[letter];
    else return null;
  }
  const unit = DAYS_AND_LESS.find((each) => seconds % SECONDS[each] === 0);
  return unit === undefined ? null : `${String(seconds / SECONDS[unit])}${unit}`;
}
