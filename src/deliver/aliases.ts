/**
 * Old places that are where a key belongs all the same, by another name: a folder behind a link, or one that was moved. To
 * take the key out there would take it out here.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno } from '../base/files.ts';
import type { Place } from '../model/place.ts';
import type { Left } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** `wanted`: where each key belongs, by `key_id`. */
export async function withoutAliases(
  left: readonly Left[],
  wanted: ReadonlyMap<string, readonly Place[]>,
  sinkFor: SinkFor,
): Promise<readonly Left[]> {
  if (left.length === 0) return left;
  const known = new Map<string, Promise<string>>();
  const real = (path: string): Promise<string> => {
    const found = known.get(path) ?? realName(path);
    known.set(path, found);
    return found;
  };
  const others: Left[] = [];
  for (const each of left) {
    const { sink, path } = each.place;
    const here = (wanted.get(each.key_id) ?? []).filter((place) => place.sink === sink);
    const isFile = here.length > 0 && (await sinkFor(sink)).on === 'disk';
    const names = isFile ? await Promise.all(here.map((place) => real(place.path))) : [];
    if (!names.includes(isFile ? await real(path) : '')) others.push(each);
  }
  return others;
}

/** The file's name in the folder that it is really in; as it is, where there is none. */
async function realName(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT') && !isErrno(error, 'ENOTDIR')) return path;
    const folder = dirname(path);
    return folder === path ? path : join(await realName(folder), basename(path));
  }
}
