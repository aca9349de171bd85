import type { Command } from '@commander-js/extra-typings';
import { profilesPath, readProfiles, saveProfile, useProfile } from '../../../auth/profiles.ts';
import { VkeysError } from '../../../base/errors.ts';
import { oneLine } from '../../../encode/terminal.ts';
import { serverUrl } from '../../../litellm/http/url.ts';
import { ADMIN_ROUTES } from '../../../litellm/routes.ts';
import { selectorOf } from '../../../model/selector.ts';
import { delegatingUser } from '../../../run/delegate.ts';
import { findKept } from '../../../run/kept-key.ts';
import { findAddress } from '../../../run/server-address.ts';
import type { Console } from '../../console.ts';
import { contextOf } from '../../listen.ts';
import { collect, duration } from '../../option-values.ts';
import type { OptionsOf } from '../../options.ts';
import { say } from '../../say.ts';
import { DELIVER } from '../../spec-options.ts';
import { action as create } from '../create.ts';

export const examples = [
  'vkeys auth delegate --name ci --user admin@example.com > key.txt',
  'vkeys auth delegate --name night --user admin@example.com --ttl 30d --save night',
];

/** The set of such keys. */
const SET = 'delegates';

export function flags(command: Command) {
  return command
    .requiredOption('--name <name>', 'what it is for, e.g. ci: a part of its alias')
    .option('--user <user_id>', 'whose it is: a user who is proxy_admin; needed where there are several')
    .option('--ttl <duration>', 'when it ends', duration, '90d')
    .option('--save <profile>', 'save it as a profile of this name, too')
    .option(...DELIVER, collect);
}

type Options = OptionsOf<typeof flags>;

/** Makes a proxy_admin's key with the routes that vkeys needs, or finds it again, and prints it as create does. */
export async function action(console: Console, options: Options): Promise<number> {
  const { name, user, ttl, save, deliver } = options;
  const alias = `vkeys-${name}`;
  if (save !== undefined) await assertFree(console, options, save);
  const user_id = await delegatingUser(contextOf(console, options), user);
  const text =
    'With it, keys can be made, also ones that may do more: it keeps mistakes small, and is as secret as the master key';
  say(console, options, `${text}.`);
  const code = await create(console, alias, {
    ...options,
    set: SET,
    ifAbsent: true,
    update: true,
    replaceExpired: true,
    modelCheck: false,
    userId: user_id,
    duration: ttl,
    field: { allowed_routes: [...ADMIN_ROUTES] },
    ...(deliver === undefined ? {} : { deliver }),
  });
  if (save !== undefined && code === 0) await saveAs(console, options, save, alias);
  return code;
}

/** Throws `config` where the profile is another server's. */
async function assertFree(console: Console, options: Options, name: string): Promise<void> {
  const { url } = await findAddress(contextOf(console, options), null);
  const { profiles } = await readProfiles(profilesPath(console.folders.config));
  const other = Object.hasOwn(profiles, name) ? profiles[name]?.url : undefined;
  if (other === undefined || serverUrl(other) === url) return;
  throw new VkeysError(
    'config',
    `The profile ${oneLine(name)} is of another server, ${oneLine(other)}. No key was made.`,
    'Take another name for --save; see those that are taken: vkeys auth profiles',
  );
}

/** The current profile stays the current one. */
async function saveAs(console: Console, options: Options, name: string, alias: string): Promise<void> {
  if (options.sandbox === true) return;
  const { url, profile } = await findAddress(contextOf(console, options), null);
  const { entry } = await findKept(console, options, { selector: selectorOf(alias), set: SET, server: url });
  const path = profilesPath(console.folders.config);
  const { current } = await readProfiles(path);
  await saveProfile(path, name, { ...profile?.profile, url, credential: { kind: 'key', key: entry.secret } });
  if (current !== null) await useProfile(path, current);
  say(console, options, `Saved as the profile ${oneLine(name)}: vkeys auth status --profile ${oneLine(name)}`);
}
