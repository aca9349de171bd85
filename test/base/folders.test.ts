import { expect, it } from 'vitest';
import { foldersOf } from '../../src/base/folders.ts';

it.each([
  ['linux', {}, '/home/a', '/home/a/.local/state/vkeys', '/home/a/.config/vkeys'],
  ['linux', {}, '/', '/.local/state/vkeys', '/.config/vkeys'],
  ['linux', {}, null, null, null],
  ['linux', {}, '', null, null],
  [
    'linux',
    { XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' },
    '/home/a',
    '/home/a/.local/state/vkeys',
    '/home/a/.config/vkeys',
  ],
  ['linux', { XDG_STATE_HOME: '/s' }, null, '/s/vkeys', null],
  ['linux', { XDG_CONFIG_HOME: '/c' }, '/home/a', '/home/a/.local/state/vkeys', '/c/vkeys'],
  ['darwin', {}, '/Users/a', '/Users/a/Library/Application Support/vkeys', '/Users/a/Library/Preferences/vkeys'],
  ['darwin', { XDG_STATE_HOME: '/s' }, '/Users/a', '/s/vkeys', '/Users/a/Library/Preferences/vkeys'],
  [
    'win32',
    {},
    'C:\\Users\\a',
    'C:\\Users\\a\\AppData\\Local\\vkeys\\Data',
    'C:\\Users\\a\\AppData\\Roaming\\vkeys\\Config',
  ],
  ['win32', { LOCALAPPDATA: 'D:\\l', APPDATA: 'D:\\r' }, null, 'D:\\l\\vkeys\\Data', 'D:\\r\\vkeys\\Config'],
] as const)('on %s with %j and the home %s', (platform, env, home, state, config) => {
  expect(foldersOf(platform, env, home)).toEqual({ state, config, home });
});
