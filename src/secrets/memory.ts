import type { Keyring, Line } from '../model/keyring.ts';
import { replay } from './journal.ts';

/** A keyring that is gone with the process: for the sandbox, and for changes that make no secret. */
export function memoryKeyring(): Keyring {
  const lines: Line[] = [];
  return {
    state: () => replay(lines),
    record: (added) => {
      lines.push(...added);
      return Promise.resolve();
    },
  };
}
