/** Where a user's files are, by the habits of each system. Pure. */
import { posix, win32 } from 'node:path';
import { variable, type Environment, type Variable } from './variables.ts';

/** The folders of the keyring and of the profiles, and the user's own; `null` where there is none. */
export type Folders = { readonly state: string | null; readonly config: string | null; readonly home: string | null };

/** `home`: `null` where there is none; what the environment names needs none. */
export function foldersOf(platform: string, env: Environment, home: string | null): Folders {
  const path = platform === 'win32' ? win32 : posix;
  const below = (name: Variable, usual: readonly string[], ...rest: readonly string[]): string | null => {
    const named = variable(env, name) ?? '';
    if (named === '' && (home === null || home === '')) return null;
    return named === '' ? path.join(home ?? '', ...usual, ...rest) : path.join(named, ...rest);
  };
  if (platform === 'win32') {
    return {
      home,
      state: below('LOCALAPPDATA', ['AppData', 'Local'], 'vkeys', 'Data'),
      config: below('APPDATA', ['AppData', 'Roaming'], 'vkeys', 'Config'),
    };
  }
  if (platform === 'darwin') {
    const library = ['Library', 'Application Support'];
    return {
      home,
      state: below('XDG_STATE_HOME', library, 'vkeys'),
      config: below('XDG_CONFIG_HOME', ['Library', 'Preferences'], 'vkeys'),
    };
  }
  return {
    home,
    state: below('XDG_STATE_HOME', ['.local', 'state'], 'vkeys'),
    config: below('XDG_CONFIG_HOME', ['.config'], 'vkeys'),
  };
}
