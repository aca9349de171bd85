/**
 * The server's clock, never stored: our own, which only runs forward, plus a lead that each answer's `Date` keeps current.
 * A `Date` is cut to the second and was written at some moment between sending and arrival, so each answer says between
 * which two numbers the lead is. What all answers so far agree on is kept; when they do not agree, a clock was set, and
 * only the last one counts.
 *
 * A slow server looks at its clock long after a request was made. How much later is learned route by route, from what it
 * stored of the ends that it was asked for.
 */
export type Clock = {
  /** The server's time at this moment. */
  server(): Date;
  /** An answer says that it was `date` at the server, at some moment between `sent` and `arrived` of our clock (milliseconds). */
  heard(date: Date, sent: number, arrived: number): void;
  /** Milliseconds from making a request of a route until the server looks at its clock. */
  lag(route: string): number;
  /** It was so many milliseconds more than was thought when the request was made: `lag`. */
  late(route: string, milliseconds: number, lag: number): void;
};

/** The weight of the last request in what is thought of a route. */
const WEIGHT = 0.5;
const SECOND = 1000;

export function startClock(now: () => Date): Clock {
  let [least, most] = [0, 0];
  let isKnown = false;
  const lags = new Map<string, number>();
  const lag = (route: string): number => lags.get(route) ?? 0;
  return {
    server: () => new Date(now().getTime() + (least + most) / 2),
    heard: (date, sent, arrived) => {
      const [low, high] = [date.getTime() - arrived, date.getTime() + SECOND - sent];
      const agrees = isKnown && low <= most && high >= least;
      [least, most] = agrees ? [Math.max(least, low), Math.min(most, high)] : [low, high];
      isKnown = true;
    },
    lag,
    /* Many requests may have been made with one lag: each tells what it was, not by how much to go on. */
    late: (route, milliseconds, thought) => {
      const seen = thought + milliseconds;
      lags.set(route, lags.has(route) ? lag(route) + WEIGHT * (seen - lag(route)) : seen);
    },
  };
}
