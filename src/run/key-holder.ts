import { streamKeys } from '../litellm/survey.ts';
import type { Session } from './open.ts';
import { NoSuchThing, selectThing } from './select-thing.ts';

/** The id of a user who has keys, or may have some: for LiteLLM, keys may name one whom it has no row of. Throws `NoSuchThing`. */
export async function keyHolder(session: Session, user_id: string): Promise<string> {
  try {
    return (await selectThing(session, 'user', user_id)).id;
  } catch (error) {
    if (error instanceof NoSuchThing && (await hasKeys(session, user_id))) return user_id;
    throw error;
  }
}

async function hasKeys({ connection }: Session, user_id: string): Promise<boolean> {
  for await (const { lives } of streamKeys(connection, {}, { user_id })) {
    if (lives.some(({ settings }) => settings['user_id'] === user_id)) return true;
  }
  return false;
}
