/**
 * Sending a request again. How long that is worthwhile depends on the others: a server that answers them is sick, not
 * dead, and is waited for; one that has answered nobody yet is at a wrong address more often than not.
 */
import type { VkeysError } from '../../base/errors.ts';
import type { Connection } from './request.ts';
import { RequestError } from './request-error.ts';

/** How often a request is sent, while nobody is answered: at least, and at most. */
const [FEWEST, MOST] = [5, 20];
/** Milliseconds without an answer to anybody after which a server that did answer is given up: a restart takes less. */
const LONGEST_SILENCE = 60_000;
/** Milliseconds: who watches is told of longer waits. */
const LONG = 2000;
const FIRST_DELAY = 300;
const LONGEST_DELAY = 10_000;
const LONGEST_RETRY_AFTER = 120_000;

/** Waits before the next attempt, after one that ended with this error; `false`: there is to be none. */
export type Patience = (error: VkeysError) => Promise<boolean>;

/** The patience with one request. */
export function startPatience({ pace, stop, signal, random, sleep, waiting }: Connection): Patience {
  let attempts = 0;
  let fruitless = 0;
  let answers = pace.answers();
  /* Where nobody waits for the answer any more, the way there is closed. */
  const isOver = (): boolean => stop.aborted || signal.aborted;
  return async (error) => {
    if (pace.answers() > answers) fruitless = 0;
    answers = pace.answers();
    attempts += 1;
    fruitless += 1;
    const isDead = answers === 0 || pace.silence() >= LONGEST_SILENCE || fruitless >= MOST;
    if (isOver() || (fruitless >= FEWEST && isDead)) return false;
    const delay = retryDelay(attempts, waitAskedFor(error), random);
    if (delay >= LONG) waiting(error);
    await sleep(delay, AbortSignal.any([stop, signal]));
    return !isOver();
  };
}

/**
 * Milliseconds before attempt `attempts + 1`: those that the server asked for, and a delay that doubles, with jitter so
 * that many clients do not come back at once.
 */
export function retryDelay(attempts: number, asked: number | null, random: () => number): number {
  return (asked ?? 0) + Math.min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY) * (0.5 + random() / 2);
}

/** What the server asked to wait with its refusal, in milliseconds. */
export function waitAskedFor(error: VkeysError): number | null {
  return error instanceof RequestError ? error.wait : null;
}

/**
 * The milliseconds of a `Retry-After`, two minutes at most: LiteLLM sends whole seconds, 1.65.8 a fraction; load
 * balancers also send dates. `null`: there is none that can be understood.
 */
export function readRetryAfter(text: string | null, now: Date): number | null {
  if (text === null || text.trim() === '') return null;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST_RETRY_AFTER);
}
