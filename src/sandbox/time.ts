import { Raised } from './answers.ts';
import type { Facts } from './versions.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const WORDS: Readonly<Record<string, string>> = { hourly: '1h', daily: '24h', weekly: '7d', monthly: '30d' };

function unfoldWord(facts: Facts, duration: string): string {
  return facts.durationWords ? (WORDS[duration.trim().toLowerCase()] ?? duration) : duration;
}

/** `from` moved by a duration such as `30d`. Whatever follows the first unit is ignored, as LiteLLM does. */
export function addDuration(facts: Facts, from: Date, text: string): Date {
  const [, digits, unit] = /^(\d+)(mo|[smhdw]?)/.exec(unfoldWord(facts, text)) ?? [];
  if (digits === undefined || unit === undefined) throw new Raised(null, 'Invalid duration format');
  const amount = Number(digits);
  if (unit === 'mo') return addMonths(facts, from, amount);
  const length = UNITS[unit];
  if (length === undefined) throw new Raised(null, `Unsupported duration unit, passed duration: ${text}`);
  return new Date(from.getTime() + amount * length);
}

/** Older versions add to the month's number and fail past December; in December they go to January whatever the amount. */
function addMonths(facts: Facts, from: Date, amount: number): Date {
  const month = from.getUTCMonth();
  const months = facts.months === 'broken' && month === 11 ? 1 : amount;
  if (facts.months === 'broken' && month !== 11 && month + amount > 11)
    throw new Raised(null, 'month must be in 1..12');
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(month + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return to;
}

/** The next boundary of the calendar: `1h` the full hour, `7d` Monday, `30d` the first of the month, nonsense midnight. */
export function nextBoundary(facts: Facts, now: Date, text: string): Date {
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  const [, digits, unit = ''] = /^(\d+)([a-z]+)/.exec(unfoldWord(facts, text)) ?? [];
  const amount = Number(digits);
  switch (unit) {
    case 'd':
      return nextDay(now, midnight, amount);
    case 'w':
      return nextDay(now, midnight, facts.weeks ? amount * 7 : 1);
    case 'h':
    case 'm':
    case 's':
      return nextMultiple(now, midnight, amount, unit);
    case 'mo':
      if (amount !== 1) throw new Raised(null, 'Monthly resets currently only support 1 month intervals');
      return firstOfNextMonth(now);
    default:
      return addDays(midnight, 1);
  }
}

function addDays(day: Date, days: number): Date {
  return new Date(day.getTime() + days * DAY);
}

function firstOfNextMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}

function nextDay(now: Date, midnight: Date, days: number): Date {
  if (days === 0) return now;
  if (days === 7) return addDays(midnight, (7 - ((now.getUTCDay() + 6) % 7)) % 7 || 7);
  return days === 30 ? firstOfNextMonth(now) : addDays(midnight, days);
}

/** Multiples are counted within the next larger unit: at 10:09, `7m` gives 10:14 and `5h` gives 15:00; a day's end wraps. */
function nextMultiple(now: Date, midnight: Date, amount: number, unit: 'h' | 'm' | 's'): Date {
  if (amount === 0) return now;
  const length = UNITS[unit] ?? SECOND;
  const field = { h: now.getUTCHours(), m: now.getUTCMinutes(), s: now.getUTCSeconds() }[unit];
  const base = unit === 'h' ? midnight : new Date(Math.floor(now.getTime() / (length * 60)) * length * 60);
  const next = new Date(base.getTime() + (Math.floor(field / amount) + 1) * amount * length);
  if (next.getTime() < midnight.getTime() + DAY) return next;
  return new Date(midnight.getTime() + DAY + ((next.getTime() - midnight.getTime()) % DAY));
}
