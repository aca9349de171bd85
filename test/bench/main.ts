/** `npm run bench`: every figure of the README.md beside it, measured in one run on one server, in turns with what it is compared to. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { concurrency } from './concurrency.ts';
import { crowd } from './crowd.ts';
import { isReached, tableOf, type Figure } from './figures.ts';
import { withPlace, type Place } from './place.ts';
import { startup } from './startup.ts';
import { throughput } from './throughput.ts';
import { unchanged } from './unchanged.ts';
import { usage } from './usage.ts';

const HELP = `npm run bench -- [PART …] [--quick] [--json FILE]

Measures vkeys and prints ratios: median, min and max of several rounds.
Parts: startup, throughput, unchanged, crowd, usage, concurrency; all of them by default.
Against the server of LITELLM_BASE_URL and LITELLM_MASTER_KEY, else against the sandbox. Keys are made and deleted
there, thousands of them, all named bench-…, bare-… and pace-….

  --quick       fewer rounds, and no more than 100 keys: a minute
  --json FILE   write the figures there too
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
const quick = values.quick === true;

type Part = (place: Place) => Promise<readonly Figure[]>;
const PARTS: Readonly<Record<string, Part>> = {
  startup: () => startup(quick ? 5 : 21),
  throughput: (place) => throughput(place, quick ? [10, 100] : [10, 100, 1000], quick ? 3 : 5),
  unchanged: (place) => unchanged(place, quick ? [100] : [100, 1000, 10_000], quick ? 3 : 5),
  crowd: (place) => crowd(place, quick ? 1 : 5),
  usage,
  concurrency: (place) => concurrency(place, quick ? 3 : 11),
};

const unknown = positionals.filter((name) => !(name in PARTS));
if (values.help === true || unknown.length > 0) {
  process.stdout.write(unknown.length === 0 ? HELP : `There is no part ${unknown.join(', ')}.\n\n${HELP}`);
  process.exitCode = unknown.length === 0 ? 0 : 2;
} else {
  const all = await withPlace(async (place) => {
    process.stdout.write(`Node ${process.version}, ${String(cpus().length)} processors, ${place.name}\n`);
    const measured: { readonly part: string; readonly figures: readonly Figure[] }[] = [];
    for (const [part, measure] of Object.entries(PARTS)) {
      if (positionals.length > 0 && !positionals.includes(part)) continue;
      const figures = await measure(place);
      process.stdout.write(`${tableOf(part, figures)}\n`);
      measured.push({ part, figures });
    }
    return { node: process.version, server: place.name, at: new Date().toISOString(), measured };
  });
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
  const missed = all.measured.flatMap(({ figures }) => figures.filter((figure) => isReached(figure) === false));
  process.stdout.write(missed.length === 0 ? 'All goals are reached.\n' : `${String(missed.length)} missed.\n`);
}
