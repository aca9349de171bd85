import { profileNamed, profilesPath, readProfiles, removeProfile } from '../../../auth/profiles.ts';
import { VkeysError } from '../../../base/errors.ts';
import { variable } from '../../../base/variables.ts';
import { oneLine } from '../../../encode/terminal.ts';
import type { Notice } from '../../../model/plan.ts';
import { noticeJson } from '../../../view/document.ts';
import type { Console } from '../../console.ts';
import { endSessionOf } from '../../login.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { Globals } from '../../options.ts';
import { profileRows } from '../../profile-rows.ts';
import { say } from '../../say.ts';

export const examples = ['vkeys auth logout', 'vkeys auth logout --profile work'];

/** Ends the profile's session on the server, if it is one and the server can be reached, and forgets the profile in any case. */
export async function action(console: Console, options: Globals): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const path = profilesPath(console.folders.config);
  const all = await readProfiles(path);
  const name = options.profile ?? variable(console.env, 'VKEYS_PROFILE') ?? all.current;
  if (name === null)
    throw new VkeysError('config', 'There is no current profile.', 'Name one: vkeys auth logout --profile NAME');
  const failure = await endSessionOf(console, options, name, profileNamed(all, name));
  await removeProfile(path, name);
  const notice = failure === null ? null : stillOpen(failure);
  if (format !== 'table') {
    const notices = notice === null ? [] : [noticeJson(notice, null, 'notice')];
    const more = { profiles: profileRows(await readProfiles(path)) };
    await emitContent(console, options, format, { started, changed: true, notices, more });
  }
  say(console, options, `Forgot the profile ${name}.`);
  if (notice !== null) say(console, options, `warning: ${notice.message}`);
  return 0;
}

function stillOpen({ message }: VkeysError): Notice {
  const what = 'its session may live on at the server for up to a day.';
  return { code: 'server', ref: null, message: `${what} ${oneLine(message)}`, hint: null };
}
