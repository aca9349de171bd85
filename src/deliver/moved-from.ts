import type { Placed } from '../apply/ports.ts';
import { withoutAliases } from './aliases.ts';
import type { Assigned } from './assign.ts';
import type { Addressee } from './handout.ts';
import { moved, type Whose } from './left.ts';
import type { Left } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** Places where keys belong no more: first those at which another sink writes now, which are emptied before it does. */
export async function movedFrom(
  placed: readonly Placed[],
  assignment: Assigned<Addressee> & Whose,
  host: string,
  sinkFor: SinkFor,
): Promise<readonly [readonly Left[], readonly Left[]]> {
  const sinks = new Map(assignment.groups.map(({ path, sink }) => [path, sink]));
  const all = await withoutAliases(moved(placed, assignment, host), assignment.places, sinkFor);
  const isSwapped = ({ place: { sink, path } }: Left): boolean => (sinks.get(path) ?? sink) !== sink;
  return [all.filter(isSwapped), all.filter((each) => !isSwapped(each))];
}
