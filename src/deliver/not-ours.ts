/** Files that are not as vkeys writes them. */
import { VkeysError } from '../base/errors.ts';
import { faultIn, readJson, type Json } from '../base/json.ts';
import { lineColumnAt } from '../encode/line-column.ts';

/** A file that was cut, or changed by hand, may hold what nobody else has. `at`: where in its text. */
export function damaged(format: string, why: string, text: string, at: number): VkeysError {
  return new VkeysError(
    'delivery',
    `The file is not valid ${format}: ${why}.`,
    'Mend it there, or move the file away: apply then writes anew what it knows.',
    { facts: lineColumnAt(text, at) },
  );
}

/** What is there is somebody else's, and nothing to write over. */
export class NotOursError extends VkeysError {}

export function notOurs(why: string): NotOursError {
  return new NotOursError(
    'delivery',
    `There is a file already that vkeys did not write: it ${why}.`,
    'Choose another path, or move the file away.',
  );
}

/** The value of a file of JSON; a byte order mark may be before it. Throws `delivery` for what is none. */
export function readJsonFile(text: string): Json {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const body = text.slice(mark);
  const found = readJson(body);
  if (!('fault' in found)) return found.value;
  if (found.fault === 'excessive') throw notOurs('has more lists and levels than any that vkeys writes');
  throw damaged('JSON', 'it was cut here, or changed by hand', text, mark + faultIn(body));
}
