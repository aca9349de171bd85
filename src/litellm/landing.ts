import { VkeysError } from '../base/errors.ts';
import type { Landed } from '../model/landed.ts';
import { undone } from './http/request-error.ts';

/** What a change came to, which answers with its result, or with why there is none. */
export async function landing<T>(work: () => Promise<T | VkeysError>): Promise<Landed<T>> {
  try {
    const value = await work();
    return value instanceof VkeysError ? { is: 'refused', error: value } : { is: 'done', value };
  } catch (error) {
    if (error instanceof VkeysError) return undone(error);
    throw error;
  }
}

/** What was changed, as it is now. Where it cannot be read, nobody knows what became of the change. */
export async function readAfter<T>(read: () => Promise<T | VkeysError>): Promise<Landed<T>> {
  const landed = await landing(read);
  return landed.is === 'unsent' ? { ...landed, is: 'unsettled' } : landed;
}
