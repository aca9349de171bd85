const STEPS = [
  { name: 's', seconds: 1, until: 60 },
  { name: 'min', seconds: 60, until: 90 * 60 },
  { name: 'h', seconds: 3600, until: 48 * 3600 },
  { name: 'days', seconds: 86_400, until: 90 * 86_400 },
  { name: 'months', seconds: 30.44 * 86_400, until: 730 * 86_400 },
  { name: 'years', seconds: 365.25 * 86_400, until: Number.POSITIVE_INFINITY },
] as const;

/** How far a moment is away: `in 3 days`, `2 h ago`. */
export function fromNow(moment: Date, now: Date): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1000);
  const length = Math.abs(seconds);
  if (length < 1) return 'now';
  const { name, seconds: unit } = STEPS.find(({ until }) => length < until) ?? STEPS[5];
  const words = `${String(Math.max(1, Math.round(length / unit)))} ${name}`;
  return seconds > 0 ? `in ${words}` : `${words} ago`;
}

/** A moment (RFC 3339) for people, to the minute: `2026-11-24 09:00 UTC (in 3 days)`; `never` for `null`. */
export function momentText(moment: string | null, now: Date): string {
  if (moment === null) return 'never';
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC (${fromNow(date, now)})`;
}

/** A length of time: `2.1 s`, `3 min 5 s`. */
export function secondsText(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}
