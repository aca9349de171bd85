import { REFERENCES } from '../kinds/references.ts';
import type { Desired } from '../model/resource.ts';
import type { Session } from './open.ts';
import { selectThing } from './select-thing.ts';

/** What is wanted of one thing, with the ids of what it names. Throws what `selectThing` throws. */
export async function withIds(session: Session, desired: Desired): Promise<Desired> {
  const ids: Record<string, string> = {};
  for (const { field, word } of REFERENCES) {
    const name = desired.names?.[field];
    if (name !== undefined) ids[field] = (await selectThing(session, word, name)).id;
  }
  return { ...desired, settings: { ...desired.settings, ...ids } };
}
