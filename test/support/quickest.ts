/** Milliseconds of the quickest of some runs: the others were slowed down by something else. For ratios within one test. */
export async function quickest(work: () => unknown, runs = 3): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const begin = performance.now();
    await work();
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}
