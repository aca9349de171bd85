/** Time in a test: it stands still but for requests and pauses, and what takes an hour takes no time. */

export type Clock = {
  readonly now: () => Date;
  /** Lets time pass at once. */
  readonly pass: (milliseconds: number) => void;
  /** Resolves when so much time has passed, or as soon as the signal is aborted. Pauses at the same time pass together. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

type Sleeper = { readonly until: number; readonly wake: () => void };

export function makeClock(start: Date): Clock {
  const sleepers = new Set<Sleeper>();
  let time = start.getTime();
  let goesOn = false;
  /* Whoever is awake acts first: only then does time go on, to the next who is not. */
  const goOn = (): void => {
    const [next] = [...sleepers].toSorted((a, b) => a.until - b.until);
    goesOn = next !== undefined;
    if (next === undefined) return;
    time = Math.max(time, next.until);
    next.wake();
    setImmediate(goOn);
  };
  return {
    now: () => new Date(time),
    pass: (milliseconds) => {
      time += milliseconds;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(sleeper);
          resolve();
        };
        const sleeper = { until: time + milliseconds, wake };
        sleepers.add(sleeper);
        if (signal?.aborted === true) wake();
        signal?.addEventListener('abort', wake, { once: true });
        if (!goesOn) setImmediate(goOn);
        goesOn = true;
      }),
  };
}

/** The clock of somebody who is so many milliseconds ahead. */
export function ahead({ now }: Clock, milliseconds: number): () => Date {
  return () => new Date(now().getTime() + milliseconds);
}
