/** Variables of a `.env` file, whose other lines stay as they are. */
import { mergeDotenv, readDotenv, withoutVariables } from '../../encode/dotenv.ts';
import type { TextFormat } from '../format.ts';
import { assertFree } from '../precious.ts';
import { detailOf, heldAmong, leavingAmong, renamedAmong, valuesFor, VARIABLE } from '../variables.ts';

export const dotenv: TextFormat = {
  detail: (part) => detailOf(part, VARIABLE),
  put: async (text, parts) => {
    const present = readDotenv(text ?? '');
    assertFree(present, parts, VARIABLE);
    const renamed = renamedAmong(present, parts, VARIABLE);
    return mergeDotenv(withoutNames(text ?? '', renamed), valuesFor(parts, VARIABLE));
  },
  held: (text, key_ids) => Promise.resolve(heldAmong(readDotenv(text), key_ids)),
  remove: (text, left) => {
    const leaving = leavingAmong(readDotenv(text), left);
    const rest = withoutNames(text, leaving);
    return Promise.resolve(leaving.size > 0 && rest.trim() === '' ? null : rest);
  },
};

function withoutNames(text: string, names: ReadonlySet<string>): string {
  return names.size === 0 ? text : withoutVariables(text, names);
}
