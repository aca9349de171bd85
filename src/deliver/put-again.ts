/** What is done about places where a key belongs no more, once it is where it does. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Place } from '../model/place.ts';
import type { Batch, Failure } from './assign.ts';
import { atEachDurably, type Changed } from './at-each.ts';
import type { Handout } from './handout.ts';
import type { Left } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/**
 * Two names may lead to one place, as an address and its number do, or two ways to call a program: what was taken from the
 * old one is put again, where it is not there any more. A proof says nothing then.
 */
export function putAgain(groups: readonly Batch<Handout>[], left: readonly Left[], sinkFor: SinkFor): Promise<Changed> {
  const key_ids = new Set(left.map(({ key_id }) => key_id));
  const touched = groups.filter((group) => group.key_ids.some((key_id) => key_ids.has(key_id)));
  const unproven = touched.map((group) => ({
    ...group,
    parts: group.parts.map((part) => ({ ...part, before: part.before.map(withoutProof) })),
  }));
  return atEachDurably(unproven, sinkFor, (sink, target) => sink.put(target));
}

function withoutProof({ proof: _proof, ...place }: Place): Place {
  return place;
}

/** The key is where it should be, and still where it was before. */
export function lingering({ path, key_ids, error }: Failure): Failure {
  const message = `It is still in ${oneLine(path)}, where it belongs no more. ${error.message}`;
  const hint = `${error.hint}\nIf that place is gone for good: vkeys keyring forget --place ${JSON.stringify(oneLine(path))}`;
  return { path, key_ids, error: new VkeysError(error.kind, message, hint, { cause: error, facts: error.facts }) };
}
