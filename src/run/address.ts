import { profileNamed, profilesPath, readProfiles } from '../auth/profiles.ts';
import type { NamedProfile } from '../auth/credential.ts';
import { VkeysError } from '../base/errors.ts';
import { serverUrl } from '../litellm/http/url.ts';
import type { Globals } from '../cli/options.ts';
import { say } from '../cli/output.ts';
import type { World } from './world.ts';

const VARIABLES = ['LITELLM_BASE_URL', 'LITELLM_PROXY_URL', 'LITELLM_API_BASE'] as const;

/** The server that is meant, and the profile that is about this server. */
export type Address = { readonly url: string; readonly profile: NamedProfile | null };

/**
 * The server's address: --url, else the spec's, else that of --profile (or VKEYS_PROFILE), else the environment's, else that of the
 * current profile. A profile's credential goes to the profile's own address and to no other, wherever that was named.
 * Throws `usage` when nobody names one, `config` for a profile that does not exist.
 */
export async function findAddress(world: World, globals: Globals, specUrl: string | null): Promise<Address> {
  const profile = await chosenProfile(world, globals);
  const variable = VARIABLES.find((name) => (world.env[name] ?? '') !== '');
  const inEnv = variable === undefined ? undefined : world.env[variable];
  const profileUrl = profile?.profile.url;
  const found = globals.url ?? specUrl ?? (profile?.asked === true ? profileUrl : undefined) ?? inEnv ?? profileUrl;
  if (found === undefined) {
    throw new VkeysError(
      'usage',
      'Which server? Neither --url nor the spec, LITELLM_BASE_URL or a profile says it.',
      'Set LITELLM_BASE_URL=https://litellm.example.com, or try it without a server: --sandbox',
    );
  }
  const url = serverUrl(found);
  if (globals.url === undefined && specUrl !== null && inEnv !== undefined && serverUrl(inEnv) !== url) {
    say(world, globals, `The spec names ${url}, ${String(variable)} another server: the spec's is used.`);
  }
  return { url, profile: profileUrl !== undefined && serverUrl(profileUrl) === url ? profile : null };
}

async function chosenProfile(world: World, globals: Globals): Promise<NamedProfile | null> {
  const all = await readProfiles(profilesPath(world.folders.config));
  const asked = globals.profile ?? world.env['VKEYS_PROFILE'] ?? '';
  const name = asked === '' ? all.current : asked;
  return name === null ? null : { name, asked: asked !== '', profile: profileNamed(all, name) };
}
