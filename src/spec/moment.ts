const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(?: ?([Zz]|[+-]\d\d:?\d\d))?)?$/;

/**
 * A date with time and zone, e.g. `2026-12-24T18:00:00+01:00`, as RFC 3339 in UTC. In a time zone a date needs none of its
 * own, and without a time it is the end of that day. `null` for anything else.
 */
export function parseMoment(text: string, zone: string | null): string | null {
  const [, day, time, seconds = ':00', fraction = '', offset] = MOMENT.exec(text) ?? [];
  if (day === undefined || !exists(day)) return null;
  const clock = time === undefined ? '23:59:59' : `${time}${seconds}${fraction}`;
  if (offset !== undefined) return momentAt(day, clock, offset);
  return zone === null || momentAt(day, clock, 'Z') === null ? null : inZone(day, clock, zone);
}

/** JavaScript reads February 30 as March 2. */
function exists(day: string): boolean {
  return momentAt(day, '00:00', 'Z')?.startsWith(day) === true;
}

function momentAt(day: string, clock: string, offset: string): string | null {
  const colons = /^[Zz]?$/.test(offset) ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const moment = new Date(`${day}T${clock}${colons}`);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

const DAY = 86_400_000;

/** When clocks there show it. Of an hour that comes twice it is the second, and one that is left out is an hour later. */
function inZone(day: string, clock: string, zone: string): string {
  const near = Date.parse(`${day}T${clock}Z`);
  const moments = [near - DAY, near + DAY].map((moment) => {
    const offset = offsetAt(moment, zone);
    return { offset, moment: String(momentAt(day, clock, offset)) };
  });
  const shown = moments.filter(({ offset, moment }) => offsetAt(Date.parse(moment), zone) === offset);
  const all = (shown.length === 0 ? moments : shown).map(({ moment }) => moment);
  return all.reduce((one, other) => (one < other ? other : one));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `+01:00`, or nothing at Greenwich. */
function offsetAt(moment: number, zone: string): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  return format
    .format(moment)
    .replace(/^.*?(?=(?:[+-]\d\d:\d\d(?::\d\d)?)?$)/, '')
    .slice(0, 6);
}

export function isZone(name: string): boolean {
  try {
    offsetAt(0, name);
    return /^[a-z]/i.test(name);
  } catch {
    return false;
  }
}

/** What to write instead of a text that is no moment. */
export function momentHint(text: string): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '2026-12-24';
  return `Write the day, the time and its zone, like ${day}T18:00:00Z. In a spec, time_zone: Europe/Berlin beside set: makes ${day} the end of that day.`;
}
