/** A process that feeds one target, and says after each input how far it is: whoever watches it knows what it chokes on. */
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import * as fc from 'fast-check';
import { FAULTY, TARGETS } from './targets.ts';

/** A hang, in milliseconds of the processor's time: others may have it meanwhile. */
const LIMIT = 1000;

const [name = '', seed = '0', from = '0', to = '0', diary = ''] = process.argv.slice(2);
const target = TARGETS[name] ?? FAULTY[name];
if (target === undefined) throw new Error(`no target ${name}`);
const file = openSync(diary, 'w');

function say(what: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** How long it worked at it, in milliseconds. */
async function feed(input: unknown): Promise<number> {
  const started = process.cpuUsage();
  await target?.check(input);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

let slowest = 0;
for (let index = Number(from); index < Number(to); index += 1) {
  const [input] = fc.sample(target.inputs, { seed: (Number(seed) * 1_000_003 + index) | 0, numRuns: 1 });
  ftruncateSync(file);
  writeSync(file, JSON.stringify({ index, input }), 0);
  try {
    let took = await feed(input);
    /* The first time, the program itself is still being compiled: what is really slow is slow again. */
    for (let tries = 1; took > LIMIT && tries < 3; tries += 1) took = Math.min(took, await feed(input));
    slowest = Math.max(slowest, took);
    if (took > LIMIT) say({ kind: 'hang', index, input, error: `${took.toFixed(0)} ms` });
  } catch (error) {
    say({
      kind: 'crash',
      index,
      input,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
say({ kind: 'end', slowest, memory: process.resourceUsage().maxRSS / 1024 });
