/**
 * How many times as much of a processor some work takes as other work, each by the best of its runs: a machine that is busy
 * makes what takes long wait, and not what is short. They take turns until it is less than `enough`.
 */
export async function timesAsMuch(work: () => unknown, other: () => unknown, enough: number): Promise<number> {
  let [least, leastOther] = [Infinity, Infinity];
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    leastOther = Math.min(leastOther, await usedBy(other));
    least = Math.min(least, await usedBy(work));
    if (turn >= TURNS && least / leastOther < enough) break;
  }
  return least / leastOther;
}

const [TURNS, MOST_TURNS] = [3, 20];

async function usedBy(work: () => unknown): Promise<number> {
  const begin = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begin);
  return user + system;
}
