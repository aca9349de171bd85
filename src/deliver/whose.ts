/**
 * Whose a remembered place is. One keyring may serve several folders, files of specs and machines. A run takes back, because
 * the spec changed, what its own files asked for and what nobody can ask for any more; the rest is for others to take back.
 */
import { realpath } from 'node:fs/promises';
import { isErrno } from '../base/files.ts';
import { isOn, type Place } from '../model/place.ts';
import { isAt } from './assign.ts';
import { atEach } from './at-each.ts';
import { soughtAt, spotsOf } from './left.ts';
import type { SinkFor } from './sinks.ts';

/** Who hands out: this machine, for these files of the spec (absolute paths). */
export type Asker = { readonly host: string; readonly files: readonly string[] };

/** Where a key is remembered. */
export type Remembered = { readonly key_id: string; readonly places: readonly Place[] };

/** Of what is remembered, what this run may take back or put otherwise. */
export async function ownAmong(
  remembered: readonly Remembered[],
  { host, files }: Asker,
  sinkFor: SinkFor,
): Promise<ReadonlySet<Place>> {
  const specs = new Set(remembered.flatMap(({ places }) => places.flatMap(({ spec }) => spec ?? [])));
  const others = [...specs].filter((spec) => !files.includes(spec));
  const real = new Set(others.length === 0 ? [] : await Promise.all(files.map(realPath)));
  const endings = new Map(await Promise.all(others.map(async (spec) => [spec, await realPath(spec)] as const)));
  /* What is not there asks for nothing; another name for a file of ours is that file. */
  const isOver = (spec: string): boolean => {
    const path = endings.get(spec) ?? null;
    return path === null || real.has(path);
  };
  const asked = remembered.map(({ key_id, places }) => ({
    key_id,
    places: places.filter(
      (place) => place.spec === undefined || files.includes(place.spec) || (isOn(host)(place) && isOver(place.spec)),
    ),
  }));
  const found = await foundHere(asked, host, sinkFor);
  return new Set(asked.flatMap(({ places }) => places.filter((place) => isOn(host)(place) || found.has(place))));
}

/**
 * Places of other machines that are here too: the key's secret stands at that path, and nothing of this machine explains it.
 * The folder is shared, or the machine has another name now (each container has one).
 */
export async function foundHere(
  remembered: readonly Remembered[],
  host: string,
  sinkFor: SinkFor,
): Promise<ReadonlySet<Place>> {
  const far = remembered.flatMap(({ key_id, places }) => {
    const near = places.filter(isOn(host));
    return places
      .filter((place) => !isOn(host)(place) && !near.some(isAt(place.sink, place.path)))
      .map((place) => ({ key_id, place }));
  });
  const { done } = await atEach(spotsOf(far), sinkFor, (sink, spot) =>
    sink.holds({ ...spot, parts: [] }, soughtAt(spot)),
  );
  return new Set(
    done.flatMap(([{ left }, { held }]) =>
      left.flatMap(({ key_id, place }) => (held?.has(key_id) === true ? place : [])),
    ),
  );
}

/** The path without links; `null` where there is no such file. */
async function realPath(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    return isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR') ? null : path;
  }
}
