import pMap from 'p-map';
import type { VkeysError } from '../base/errors.ts';
import type { Failure } from './assign.ts';
import { fileError } from './text-file.ts';
import type { Sink, Written } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** Spots at the same time: each waits for the disk most of its time. */
const CONCURRENCY = 8;

/** Hears how many of how many places are done. */
export type Progress = (done: number, total: number) => void;

type Work = { readonly sink: string; readonly path: string; readonly key_ids: readonly string[] };
export type Worked<W, R> = { readonly done: readonly (readonly [W, R])[]; readonly failures: readonly Failure[] };

/** Does the work at each spot, whatever becomes of the others. */
export async function atEach<W extends Work, R>(
  works: readonly W[],
  sinkFor: SinkFor,
  work: (sink: Sink, at: W) => Promise<R>,
  progress: Progress = () => undefined,
): Promise<Worked<W, R>> {
  const done: (readonly [W, R])[] = [];
  let ended = 0;
  const failures: Failure[] = [];
  await pMap(
    works,
    async (at) => {
      try {
        done.push([at, await work(await sinkFor(at.sink), at)]);
      } catch (error) {
        failures.push({ path: at.path, key_ids: at.key_ids, error: fileError(error, at.path) });
      }
      ended += 1;
      progress(ended, works.length);
    },
    { concurrency: CONCURRENCY },
  );
  const order = new Map<unknown, number>(works.map((at, index) => [at, index]));
  return { done: done.toSorted(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0)), failures };
}

export type Changed = {
  readonly written: readonly string[];
  readonly failures: readonly Failure[];
  /** What is to be remembered of places, by sink and path: see `proofId`. */
  readonly proofs: ReadonlyMap<string, string>;
};

export function proofId({ sink, path }: Pick<Work, 'sink' | 'path'>): string {
  return JSON.stringify([sink, path]);
}

/** As `atEach`, for work that says whether it changed something: durable in the end, or failed. */
export async function atEachDurably<W extends Work>(
  works: readonly W[],
  sinkFor: SinkFor,
  work: (sink: Sink, at: W) => Promise<Written>,
  progress?: Progress,
): Promise<Changed> {
  const { done, failures } = await atEach(works, sinkFor, work, progress);
  const changed = done.filter(([, { changed: isChanged }]) => isChanged).map(([at]) => at);
  const unsure = new Map<string, VkeysError>();
  for (const name of new Set(changed.map(({ sink }) => sink))) {
    const own = changed.filter(({ sink }) => sink === name);
    const failed = await (await sinkFor(name)).sync(own.map(({ path }) => path));
    for (const at of own.filter(({ path }) => failed.has(path)))
      unsure.set(proofId(at), fileError(failed.get(at.path), at.path));
  }
  return {
    written: changed.filter((at) => !unsure.has(proofId(at))).map(({ path }) => path),
    failures: [
      ...failures,
      ...changed.flatMap((at): readonly Failure[] => {
        const error = unsure.get(proofId(at));
        return error === undefined ? [] : [{ path: at.path, key_ids: at.key_ids, error }];
      }),
    ],
    proofs: new Map(
      done.flatMap(([at, { proof }]) =>
        proof === undefined || unsure.has(proofId(at)) ? [] : [[proofId(at), proof] as const],
      ),
    ),
  };
}
