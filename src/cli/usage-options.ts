/** What `usage` is told by, and of which days, as people write it. */
import { addDays, dayOf, daysIn, isDay } from '../base/day.ts';
import { endOf, parseDuration } from '../base/duration.ts';
import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import { DIMENSIONS, type Dimension } from '../model/usage.ts';
import type { UsageChoice } from '../run/usage.ts';

/** Usage of more days is none that LiteLLM was made for. */
const MOST_DAYS = 366;

/** `team,user`. Throws `usage` for what usage cannot be told by. */
export function dimensionsIn(words: readonly string[]): readonly Dimension[] {
  return [...new Set(words)].map((word) => {
    const known = DIMENSIONS.find((dimension) => dimension === word);
    if (known !== undefined) return known;
    throw new VkeysError(
      'usage',
      `--by ${oneLine(word)} is nothing that usage is told by.${didYouMean(word, DIMENSIONS)}`,
      `It is one of ${DIMENSIONS.join(', ')}, or several of them: --by team,user`,
    );
  });
}

/** From `7d` or a day to a day, with both; `until` is today where it is not given. Throws `usage`. */
export function daysOf({
  since,
  until,
}: {
  readonly since: string;
  readonly until?: string | undefined;
}): UsageChoice['days'] {
  if (until !== undefined && !isDay(until)) throw noDay('--until', until);
  if (!isDay(since) && !/[dw]$|mo$/.test(since)) throw noDay('--since', since);
  if (!isDay(since) && parseDuration(since) === null) throw noDay('--since', since);
  return (today) => {
    const last = until ?? today;
    const first = isDay(since) ? since : addDays(last, 1 - lengthOf(since, last));
    if (first > last) {
      throw new VkeysError('usage', `${first} is after ${last}.`, 'Give --since a day before that of --until.');
    }
    if (daysIn(first, last) <= MOST_DAYS) return { since: first, until: last };
    throw new VkeysError(
      'usage',
      `${first} to ${last} is more than a year.`,
      `Ask for ${String(MOST_DAYS)} days at a time: --since ${addDays(last, 1 - MOST_DAYS)}`,
    );
  };
}

/** How many days a duration has, that end with this one. */
function lengthOf(duration: string, last: string): number {
  const from = new Date(last);
  return daysIn(last, dayOf(endOf(duration, from))) - 1;
}

function noDay(flag: string, text: string): VkeysError {
  return new VkeysError(
    'usage',
    `${flag} ${oneLine(text)} is no day.`,
    flag === '--since'
      ? 'Give a day like 2026-11-24, or how long ago in days, weeks or months: 7d, 2w, 1mo'
      : 'Give a day like 2026-11-24; without it, today is the last.',
  );
}
