/** A campaign: many runs, each from a seed of its own, so that every one of them can be repeated alone. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import type { Server } from '../crash/scene.ts';
import { figuresOf, figuresText, storyOf } from './figures.ts';
import { EMPTY, runOnce, type Run } from './one-run.ts';
import { problem } from './wrongs.ts';

export type Campaign = {
  /** The first run's; the next one's is one more. */
  readonly seed: number;
  readonly runs: number;
  /** Instead of a sandbox for each run. */
  readonly on?: Server;
  /** A file for the figures. */
  readonly json?: string | undefined;
};

const AT_ONCE = 4;

/** Runs them all, prints the figures, and answers with the stories of those that went wrong. */
export async function campaign({ seed, runs, on, json }: Campaign): Promise<readonly string[]> {
  const began = Date.now();
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const done = await pMap(seeds, (each) => inTime(each, runOnce(each, on)), { concurrency: AT_ONCE });
  const figures = figuresOf(seed, done, Date.now() - began);
  process.stdout.write(figuresText(figures));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  return done.filter(isWrong).map(storyOf);
}

/** Milliseconds after which a run will not end any more. */
const ENDLESS = 120_000;

async function inTime(seed: number, run: Promise<Run>): Promise<Run> {
  const watch = new AbortController();
  const hangs = delay(ENDLESS, { ...EMPTY, seed, problems: [problem('hangs', 'the run does not end')] }, watch);
  try {
    return await Promise.race([run, hangs]);
  } finally {
    watch.abort();
  }
}

const isWrong = ({ problems }: Run): boolean => problems.length > 0;
