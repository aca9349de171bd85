/** Two things measured in turns, so that a machine whose speed drifts is as kind to the one as to the other. */

/** Of several runs. */
export type Range = { readonly median: number; readonly min: number; readonly max: number };

/** Milliseconds of both, and the ratio of each pair: `ours / theirs`. */
export type Pairs = { readonly ours: Range; readonly theirs: Range; readonly ratio: Range };

export function range(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[Math.round(place * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), min: at(0), max: at(1) };
}

/** Runs both so many times, now the one first and now the other. Each answers with its milliseconds. */
export async function inTurns(
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
): Promise<Pairs> {
  const taken: { readonly ours: number; readonly theirs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await ours(round);
      taken.push({ ours: first, theirs: await theirs(round) });
    } else {
      const first = await theirs(round);
      taken.push({ ours: await ours(round), theirs: first });
    }
  }
  return compare(taken);
}

export function compare(taken: readonly { readonly ours: number; readonly theirs: number }[]): Pairs {
  return {
    ours: range(taken.map(({ ours }) => ours)),
    theirs: range(taken.map(({ theirs }) => theirs)),
    ratio: range(taken.map(({ ours, theirs }) => ours / theirs)),
  };
}
