import { VkeysError } from '../../base/errors.ts';

/** Sorts by alias as people count: `user2` before `user10`. */
export function byAlias<T>(aliasOf: (row: T) => string): (a: T, b: T) => number {
  const collator = new Intl.Collator('en', { numeric: true });
  return (a, b) => collator.compare(aliasOf(a), aliasOf(b));
}

/** A file that vkeys did not write is nothing to write over. */
export function notOurs(why: string): VkeysError {
  return new VkeysError(
    'delivery',
    `There is a file already that vkeys did not write: it ${why}.`,
    'Choose another path, or move the file away.',
  );
}
