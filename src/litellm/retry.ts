/** How often a request is sent at most. */
export const ATTEMPTS = 5;

const FIRST_DELAY = 300;
const LONGEST_DELAY = 10_000;
const LONGEST_RETRY_AFTER = 120_000;

/**
 * Milliseconds to wait before attempt `attempt + 1` (attempts count from 1): what the server asked for with
 * `Retry-After` (seconds or a date), else a delay that doubles, with jitter so that many clients do not come back at once.
 */
export function retryDelay(attempt: number, retryAfter: string | null, now: Date, random: () => number): number {
  const asked = retryAfter === null ? null : parseRetryAfter(retryAfter, now);
  if (asked !== null) return Math.min(asked, LONGEST_RETRY_AFTER);
  return Math.min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY) * (0.5 + random() / 2);
}

/** LiteLLM sends whole seconds, 1.65.8 a fraction; load balancers also send dates. `null`: not understood. */
function parseRetryAfter(text: string, now: Date): number | null {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : Math.max(0, moment - now.getTime());
}
