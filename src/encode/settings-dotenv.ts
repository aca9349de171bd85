import { mergeDotenv, readDotenv, withoutVariables } from './dotenv.ts';
import type { SettingsFormat } from './settings-format.ts';

export const dotenv: SettingsFormat = {
  read: (text) => Object.fromEntries(readDotenv(text)),
  ways: [
    (text, edits) => {
      const set = edits.flatMap(({ path: [name = ''], value }) =>
        typeof value === 'string' ? [[String(name), value] as const] : [],
      );
      const gone = edits.flatMap(({ path: [name = ''], value }) => (value === undefined ? [String(name)] : []));
      return mergeDotenv(withoutVariables(text, new Set(gone)), new Map(set));
    },
  ],
};
