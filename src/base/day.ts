/** Days as LiteLLM's usage has them: `2026-11-30`, in UTC. */

const LENGTH = 86_400_000;

/** The day of a moment. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The day so many days later, or earlier. */
export function addDays(day: string, count: number): string {
  return dayOf(new Date(Date.parse(day) + count * LENGTH));
}

/** How many days there are, with both ends. */
export function daysIn(since: string, until: string): number {
  return (Date.parse(until) - Date.parse(since)) / LENGTH + 1;
}

/** Whether a text is a day that the calendar has. JavaScript reads February 30 as March 2. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && dayOf(date) === text;
}
