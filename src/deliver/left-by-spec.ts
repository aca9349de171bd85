/**
 * Where a key that is gone may have been, by the spec alone: for a keyring that was lost. What is not known of the key
 * any more, such as its user, may be anything; what is there is known by its hash.
 */
import { readdir } from 'node:fs/promises';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import { fill, fillKnown, patternOf, placeholdersOf } from '../base/template.ts';
import type { Place } from '../model/place.ts';
import { atEach } from './at-each.ts';
import { namesFor, type Addressed, type Addressee, type DeliverTo } from './handout.ts';
import { leadsElsewhere } from './path.ts';
import type { Left } from './sink.ts';
import type { SinkFor } from './sinks.ts';

export async function leftOfLost(
  deliveries: readonly Addressed[],
  keys: readonly Addressee[],
  sinkFor: SinkFor,
): Promise<readonly Left[]> {
  const left: Left[] = [];
  const namesIn = makeListing();
  for (const { delivery, to } of deliveries) {
    const sink = await sinkFor(delivery.to);
    const leftAt = (path: string, key: Addressee): readonly Left[] =>
      placesOr(() => sink.places({ delivery, to, key, before: [] }, path), { sink: delivery.to, path }).map(
        (place) => ({
          key_id: key.key_id,
          place,
        }),
      );
    for (const [template, alike] of byTemplate(delivery.path, keys, to)) {
      if (placeholdersOf(template).length === 0) {
        left.push(...alike.flatMap((key) => leftAt(fill(template, {}), key)));
        continue;
      }
      /* Any key may be in any of these files, so each is read once for all of them. */
      const key_ids = new Set(alike.map(({ key_id }) => key_id));
      const works = (await pathsLike(template, namesIn)).map((path) => ({ sink: delivery.to, path, key_ids: [] }));
      const { done } = await atEach(works, sinkFor, (_, { path }) =>
        sink.holds({ path, within: null, parts: [] }, key_ids),
      );
      for (const [{ path }, { held }] of done) {
        left.push(...alike.filter(({ key_id }) => held.has(key_id)).flatMap((key) => leftAt(path, key)));
      }
    }
  }
  return left;
}

/** The keys by the path that they have, as far as it is known. One whose name could lead elsewhere was never delivered. */
function byTemplate(
  path: string,
  keys: readonly Addressee[],
  to: DeliverTo,
): ReadonlyMap<string, readonly Addressee[]> {
  const groups = new Map<string, Addressee[]>();
  for (const key of keys) {
    const names = namesFor(key, to);
    if (placeholdersOf(path).some((name) => leadsElsewhere(names[name] ?? ''))) continue;
    const template = fillKnown(path, names);
    const alike = groups.get(template) ?? [];
    alike.push(key);
    groups.set(template, alike);
  }
  return groups;
}

/** Where a variable's name is not known, the place is known all the same. */
function placesOr(find: () => readonly Place[], fallback: Place): readonly Place[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof VkeysError) return [fallback];
    throw error;
  }
}

/** The paths that the template may stand for, as far as they are there. */
async function pathsLike(template: string, namesIn: Listing): Promise<readonly string[]> {
  const [root = '', ...steps] = template.split(/(?=[/\\])/);
  let paths: readonly string[] = root.startsWith('/') ? [''] : [fill(root, {})];
  for (const step of root.startsWith('/') ? [root, ...steps] : steps) {
    const [separator, name] = [step.slice(0, 1), step.slice(1)];
    if (placeholdersOf(name).length === 0) {
      paths = paths.map((path) => path + separator + fill(name, {}));
      continue;
    }
    const pattern = patternOf(name);
    const found = await Promise.all(paths.map(async (path) => ({ path, names: await namesIn(path + separator) })));
    paths = found.flatMap(({ path, names }) =>
      names.filter((each) => pattern.test(each)).map((each) => path + separator + each),
    );
  }
  return paths;
}

/** What is in a folder: found out once for each. */
type Listing = (folder: string) => Promise<readonly string[]>;

function makeListing(): Listing {
  const known = new Map<string, Promise<readonly string[]>>();
  return (folder) => {
    const names = known.get(folder) ?? listed(folder);
    known.set(folder, names);
    return names;
  };
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  }
}
