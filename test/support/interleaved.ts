export type Turn = () => Promise<void>;

/** Lets two runs go on by turns, as `order` says (`true`: the first). */
export async function interleaved<T>(
  order: readonly boolean[],
  run: (turn: Turn, which: 0 | 1) => Promise<T>,
): Promise<readonly [T, T]> {
  const waiting: [(() => void)[], (() => void)[]] = [[], []];
  const turnOf = (which: 0 | 1) => (): Promise<void> => new Promise((go) => void waiting[which].push(go));
  const both = Promise.all([run(turnOf(0), 0), run(turnOf(1), 1)]);
  let done = false;
  const end = (): void => {
    done = true;
  };
  both.then(end, end);
  for (let step = 0; ; step += 1) {
    await new Promise(setImmediate);
    const [first, second] = order[step] === true ? waiting : waiting.toReversed();
    const go = first?.shift() ?? second?.shift();
    if (go === undefined && done) return both;
    go?.();
  }
}
