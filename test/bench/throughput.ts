/** Creating, changing, rotating and deleting many keys, beside the bare load generator that sends the same requests. */
import { randomBytes } from 'node:crypto';
import { seconds, type Figure } from './figures.ts';
import { bareLife, sendBare, type Life } from './load.ts';
import { compare, range } from './pairs.ts';
import { makeDesk, workshop, type Place } from './place.ts';

const STEPS = ['create', 'change', 'rotate', 'delete'] as const;
type Step = (typeof STEPS)[number];
type Taken = Record<Step, number>;

/** Rates at least this, beside the bare one. Ten keys are over before a process has started. */
const GOALS: Readonly<Record<number, number>> = { 100: 0.8, 1000: 0.9 };

/** `sizes`: numbers of keys; each is done `rounds` times. */
export async function throughput(place: Place, sizes: readonly number[], rounds: number): Promise<readonly Figure[]> {
  const best = await bestConcurrency(place);
  const figures: Figure[] = [];
  for (const size of sizes) {
    const taken: { readonly ours: Taken; readonly theirs: Taken }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      if (round % 2 === 0) {
        const ours = await lifeWithVkeys(place, size);
        taken.push({ ours, theirs: await bareLifeOf(place, size, best) });
      } else {
        const theirs = await bareLifeOf(place, size, best);
        taken.push({ ours: await lifeWithVkeys(place, size), theirs });
      }
    }
    for (const step of STEPS) {
      const { ours, theirs } = compare(taken.map((one) => ({ ours: one.ours[step], theirs: one.theirs[step] })));
      figures.push({
        what: `${String(size)} keys: ${step}`,
        value: range(taken.map((one) => one.theirs[step] / one.ours[step])),
        unit: '',
        beside: `of the bare rate at ${String(best)} at once`,
        goal: GOALS[size] === undefined ? null : { atLeast: GOALS[size] },
        detail: `${seconds(ours, theirs)}, ${((size / ours.median) * 1000).toFixed(0)} keys/s`,
      });
    }
  }
  return figures;
}

async function lifeWithVkeys(place: Place, size: number): Promise<Taken> {
  const set = `bench-${randomBytes(4).toString('hex')}`;
  const desk = makeDesk(place);
  try {
    desk.wants(workshop(set, size, 5));
    const create = (await desk.vkeys(['apply', '-f', 'spec.yaml'])).milliseconds;
    desk.wants(workshop(set, size, 7));
    const change = (await desk.vkeys(['apply', '-f', 'spec.yaml'])).milliseconds;
    const rotate = (await desk.vkeys(['rotate', '-f', 'spec.yaml', '--yes'])).milliseconds;
    const gone = (await desk.vkeys(['delete', '-f', 'spec.yaml', '--yes'])).milliseconds;
    return { create, change, rotate, delete: gone };
  } finally {
    desk.clear();
  }
}

async function bareLifeOf(place: Place, size: number, concurrency: number): Promise<Taken> {
  const life = await makeLife(size);
  return {
    create: await sendBare(place, concurrency, life.create),
    change: await sendBare(place, concurrency, life.change),
    rotate: await sendBare(place, concurrency, life.rotate),
    delete: await sendBare(place, concurrency, life.delete),
  };
}

function makeLife(size: number): Promise<Life> {
  const tag = randomBytes(4).toString('hex');
  return bareLife(workshop(`bare-${tag}`, size, 5), tag);
}

/** The number of requests at once with which the bare generator creates keys fastest here, each tried twice. */
async function bestConcurrency(place: Place): Promise<number> {
  const tried: { readonly concurrency: number; readonly milliseconds: number }[] = [];
  for (const concurrency of [4, 8, 16, 4, 8, 16]) {
    const { create, delete: gone } = await makeLife(100);
    tried.push({ concurrency, milliseconds: await sendBare(place, concurrency, create) });
    await sendBare(place, 1, gone);
  }
  return tried.toSorted((a, b) => a.milliseconds - b.milliseconds)[0]?.concurrency ?? 8;
}
