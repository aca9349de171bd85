import { dirname } from 'node:path';
import { keepsModes } from '../../../base/modes.ts';
import { oneLine } from '../../../encode/terminal.ts';
import { assertSavable, profilesPath, readProfiles, saveProfile } from '../../../auth/profiles.ts';
import { variable } from '../../../base/variables.ts';
import type { Console } from '../../console.ts';
import { profileFrom } from '../../login.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { Globals } from '../../options.ts';
import { profileRows } from '../../profile-rows.ts';
import { say } from '../../say.ts';

export const examples = [
  'vkeys auth login --url https://litellm.example.com',
  'vkeys auth login --url https://litellm.example.com --profile work < master-key.txt',
  "vkeys auth login --url https://litellm.example.com --master-key-command 'pass show litellm'",
];

/** Saves a connection as a profile. */
export async function action(console: Console, options: Globals): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const name = options.profile ?? variable(console.env, 'VKEYS_PROFILE') ?? 'default';
  const path = profilesPath(console.folders.config);
  assertSavable(path);
  const profile = await profileFrom(console, options, name);
  if (profile.credential !== undefined && 'key' in profile.credential && !(await keepsModes(dirname(path)))) {
    const text = `everybody on this machine will be able to read the key in ${oneLine(path)}: its disk keeps no modes`;
    say(console, options, `warning: ${text}. --master-key-file and --master-key-command keep no key there.`);
  }
  await saveProfile(path, name, profile);
  if (format !== 'table') {
    const more = { profiles: profileRows(await readProfiles(path)) };
    await emitContent(console, options, format, { started, changed: true, more });
  }
  const what = `Saved ${profile.url} as the profile ${name}, and it is the current one.`;
  say(console, options, `${what} See who you are: vkeys auth status`);
  return 0;
}
