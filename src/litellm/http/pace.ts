/**
 * How many changes are under way at once. A LiteLLM worker is busy with 4 to 8 requests; what is sent beyond waits in
 * the server, and dries its database pool up. So, as TCP Vegas does: the fastest answer of a route tells what an idle
 * server takes, and how much longer it takes now tells how many of our requests are waiting there. A few may wait, so
 * that the server never does; the number rises until they do, and falls to half when the server is overloaded.
 */
import pLimit from 'p-limit';

export type Pace = {
  /** Does the work as soon as there is room for it. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** A request to this route was answered after so many milliseconds. */
  answered(route: string, milliseconds: number): void;
  /** A request that was sent at `sent` was too much. Nothing begins for as many milliseconds as the server asked for. */
  overloaded(sent: number, wait: number | null): void;
  /** How many requests were answered. */
  answers(): number;
  /** Milliseconds since the last answer. */
  silence(): number;
};

export type PaceOptions = {
  /** The highest number that is tried. */
  readonly most: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as no more is to be begun. */
  readonly sleep: (milliseconds: number) => Promise<void>;
};

const FIRST = 4;
/** So many of our requests may wait in the server: with fewer the number rises, with more it falls. */
const [FEW, MANY] = [7, 10];
/** How slowly the number rises to where it was too many, beside how it rises elsewhere. */
const CAUTION = 0.1;
/** The weight of the last answer in a route's usual latency. */
const WEIGHT = 0.2;

type Latency = { readonly best: number; readonly usual: number };

/** A pace that nobody has used yet: it begins gently. */
export function startPace({ most, now, sleep }: PaceOptions): Pace {
  const slots = pLimit(Math.min(FIRST, most));
  const latencies = new Map<string, Latency>();
  let size = Math.min(FIRST, most);
  let answers = 0;
  let answeredAt = -Infinity;
  let starting = true;
  let tooMany = Infinity;
  let fellAt = -Infinity;
  let quiet: Promise<unknown> = Promise.resolve();

  const resize = (next: number): void => {
    size = Math.max(1, Math.min(most, next));
    slots.concurrency = Math.floor(size);
  };

  return {
    turn: (work) =>
      slots(async () => {
        await quiet;
        return work();
      }),
    answered: (route, milliseconds) => {
      answers += 1;
      answeredAt = now();
      const latency = addTo(latencies.get(route), milliseconds);
      latencies.set(route, latency);
      /* Where nothing waits for a slot, a longer answer says nothing about the number of slots. */
      if (slots.pendingCount === 0) return;
      const waiting = size * (1 - latency.best / latency.usual);
      starting &&= waiting < FEW;
      if (waiting < FEW) resize(size + (starting ? 1 : size + 1 < tooMany ? 1 / size : CAUTION / size));
      if (waiting > MANY) resize(size - 1 / size);
    },
    overloaded: (sent, wait) => {
      if (wait !== null) quiet = Promise.all([quiet, sleep(wait)]);
      /* Requests that were under way with the one that failed tell nothing new. */
      if (sent < fellAt) return;
      fellAt = now();
      starting = false;
      tooMany = size;
      resize(size / 2);
    },
    answers: () => answers,
    silence: () => now() - answeredAt,
  };
}

function addTo(before: Latency | undefined, milliseconds: number): Latency {
  const latest = Math.max(1, milliseconds);
  if (before === undefined) return { best: latest, usual: latest };
  return { best: Math.min(before.best, latest), usual: before.usual + WEIGHT * (latest - before.usual) };
}
