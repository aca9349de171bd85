/**
 * Readers under fire. A few inputs for each in every run; `npm run fuzz` feeds 100,000 and prints the figures. FC_SEED
 * gives other inputs; a failure is made again with the seed and index that it names.
 */
import { availableParallelism } from 'node:os';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFeeder, type Feeder, type Figures } from './campaign.ts';
import { TARGETS } from './targets.ts';

const { FUZZ_RUNS, FC_SEED, npm_lifecycle_event: script } = process.env;
const RUNS = Number(FUZZ_RUNS ?? (script === 'fuzz' ? 100_000 : 250));
const SEED = Number(FC_SEED ?? 1);
const MEMORY = 300;

let feeder: Feeder;
beforeAll(async () => {
  feeder = await makeFeeder();
});
afterAll(() => feeder.close());

test('nothing that others wrote crashes a reader, hangs it or fills its memory', { timeout: 3_600_000 }, async () => {
  const shares = Object.values(TARGETS).reduce((sum, { share }) => sum + share, 0);
  const fed = await pMap(
    Object.entries(TARGETS),
    async ([name, { share }]): Promise<readonly [string, Figures]> => {
      const to = Math.ceil((share * RUNS) / shares);
      return [name, await feeder.feed(name, { seed: SEED, from: 0, to })];
    },
    { concurrency: availableParallelism() },
  );
  if (RUNS > 250) process.stdout.write(tableOf(fed));
  for (const [name, { failures, memory }] of fed) {
    expect(failures, `${name}, seed ${String(SEED)}`).toEqual([]);
    expect(memory, `megabytes for ${name}`).toBeLessThanOrEqual(MEMORY);
  }
});

test.each([
  ['a reader that throws', 'crash'],
  ['a reader that never ends', 'hang'],
  ['a reader that fills the memory', 'memory'],
])('%s is caught, with what it was fed', async (name, kind) => {
  const { failures } = await feeder.feed(name, { seed: SEED, from: 0, to: 3 }, kind === 'hang' ? 4000 : undefined);
  expect(failures).toMatchObject([{ kind, index: 1, input: expect.any(Number) }]);
});

function tableOf(fed: readonly (readonly [string, Figures])[]): string {
  const count = (figures: Figures, kind: string): string =>
    String(figures.failures.filter((failure) => failure.kind === kind).length);
  const rows = fed.map(([name, figures]) => [
    name,
    String(figures.inputs),
    figures.seconds.toFixed(1),
    figures.slowest.toFixed(0),
    figures.memory.toFixed(0),
    count(figures, 'crash'),
    count(figures, 'hang'),
    count(figures, 'memory'),
  ]);
  const head = ['fed with', 'inputs', 'seconds', 'slowest ms', 'peak MB', 'crashes', 'hangs', 'out of memory'];
  const sum = fed.reduce((total, [, { inputs }]) => total + inputs, 0);
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(14))).join('');
  return `\n${[head, ...rows].map(line).join('\n')}\n${String(sum)} inputs with seed ${String(SEED)}\n`;
}
