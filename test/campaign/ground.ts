/** Who and what there is in a run, beside one person, one set and one server that answers at once. */
import { pick, type Random } from '../support/random.ts';

export type Ground = {
  /** The key of its own is in a second set of the file. */
  readonly sets: 1 | 2;
  readonly machines: 'one' | 'two with one folder' | 'two';
  /** Milliseconds by which reads lag behind writes. */
  readonly lag: number;
};

const LAG = 5000;

/** A server that is not ours does not lag on demand. */
export function groundFrom(random: Random, isReal: boolean): Ground {
  const sets = pick<1 | 2>(random, [1, 1, 2]);
  const machines = pick<Ground['machines']>(random, ['one', 'one', 'one', 'two with one folder', 'two']);
  const lag = pick(random, [0, 0, 0, LAG]);
  return { sets, machines, lag: isReal ? 0 : lag };
}

/** Its words for the figures. */
export function groundWords({ sets, machines, lag }: Ground): readonly string[] {
  return [
    ...(sets === 2 ? ['two sets'] : []),
    ...(machines === 'one' ? [] : [machines === 'two' ? 'two machines' : machines]),
    ...(lag > 0 ? ['reads that lag'] : []),
  ];
}

/** What is known of the time when a command is chosen. */
export type Moments = {
  /** Whether the server's clock can be moved. */
  readonly isMovable: boolean;
  /** The server's time, in milliseconds. */
  readonly now: number;
};
