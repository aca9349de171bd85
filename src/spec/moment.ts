const MOMENT = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})? ?([Zz]|[+-]\d\d:?\d\d)$/;

/** A date with time and zone, e.g. `2026-12-24T18:00:00+01:00`, as RFC 3339 in UTC; `null` for anything else. */
export function parseMoment(text: string): string | null {
  const [, day, time, seconds = ':00', fraction = '', zone] = MOMENT.exec(text) ?? [];
  if (day === undefined || time === undefined || zone === undefined) return null;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const moment = new Date(`${day}T${time}${seconds}${fraction}${offset}`);
  if (Number.isNaN(moment.getTime())) return null;
  // JavaScript reads February 30 as March 2.
  const exists = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return exists ? moment.toISOString() : null;
}

/** What to write instead of a text that is no moment. */
export function momentHint(text: string): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '2026-12-24';
  return `Write the day, the time and its zone, like ${day}T18:00:00Z or ${day}T18:00:00+01:00.`;
}
