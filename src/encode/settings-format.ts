import { VkeysError } from '../base/errors.ts';
import type { Edit, Settings } from './edits.ts';

/** One format. `ways`: texts with the edits made, the first that is right counts. Both throw `config`, with line and column. */
export type SettingsFormat = {
  readonly read: (text: string) => Settings;
  readonly ways: readonly ((text: string, edits: readonly Edit[]) => string)[];
};

/** A file that was cut, or changed by hand. `why`: as a part of a sentence. Lines and columns are 1-based. */
export function unreadable(format: string, why: string, line: number, column: number): VkeysError {
  return new VkeysError(
    'config',
    `This is not valid ${format}: ${why}.`,
    'Mend the file, or choose another: --file PATH',
    {
      facts: { line, column },
    },
  );
}
