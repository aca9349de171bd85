import type { NamedProfile } from '../auth/credential.ts';
import { profileNamed, profilesPath, readProfiles } from '../auth/profiles.ts';
import { VkeysError } from '../base/errors.ts';
import { variable } from '../base/variables.ts';
import { serverAddress, serverUrl } from '../litellm/http/url.ts';
import type { Context } from './open.ts';
import type { World } from './world.ts';

const ADDRESSES = ['LITELLM_BASE_URL', 'LITELLM_PROXY_URL', 'LITELLM_API_BASE'] as const;

/**
 * The server that is meant, and the profile that is about this server. `isOfSpec`: only a spec names it, and the environment
 * names another.
 */
export type Address = { readonly url: string; readonly profile: NamedProfile | null; readonly isOfSpec: boolean };

/**
 * The server's address: --url, else the spec's, else that of --profile, else the environment's, else that of the profile which
 * VKEYS_PROFILE names, or of the current one. A profile's credential goes to the profile's own address and to no other, wherever that was named.
 * Throws `usage` when nobody names one, `config` for a profile that does not exist.
 */
export async function findAddress(context: Context, specUrl: string | null): Promise<Address> {
  const { world, options, hear } = context;
  const profile = await chosenProfile(context);
  const named = ADDRESSES.find((name) => variable(world.env, name) !== undefined);
  const inEnv = named === undefined ? undefined : variable(world.env, named);
  const profileUrl = profile?.profile.url;
  const ofProfile = { text: profileUrl, name: `The address of the profile ${profile?.name ?? ''}` };
  const candidates = [
    { text: options.url, name: '--url' },
    { text: specUrl ?? undefined, name: "The spec's server" },
    ...(profile?.asked === true ? [ofProfile] : []),
    { text: inEnv, name: named ?? '' },
    ofProfile,
  ];
  const given = candidates.find(({ text }) => text !== undefined);
  if (given?.text === undefined) {
    throw new VkeysError(
      'usage',
      'Which server? Neither --url nor the spec, LITELLM_BASE_URL or a profile says it.',
      `${clientHint(world)}Set LITELLM_BASE_URL=https://litellm.example.com, or try it without a server: --sandbox`,
    );
  }
  const { url, cut } = serverAddress(given.text, given.name);
  if (cut) hear({ is: 'cut-address', given: given.name, url });
  const byVariable = options.profile === undefined ? (variable(world.env, 'VKEYS_PROFILE') ?? '') : '';
  if (byVariable !== '' && given.text === inEnv && profileUrl !== undefined && serverUrl(profileUrl) !== url) {
    const notice = `${given.name} wins over the profile ${byVariable}, which VKEYS_PROFILE names and which is for another server. To use that: --profile ${byVariable}`;
    hear({ is: 'credential', notice });
  }
  const isOther = inEnv !== undefined && serverUrl(inEnv) !== url;
  return {
    url,
    profile: profileUrl !== undefined && serverUrl(profileUrl) === url ? profile : null,
    isOfSpec: options.url === undefined && specUrl !== null && isOther,
  };
}

/** Where programs that use models have the proxy's address. */
function clientHint({ env }: World): string {
  const name = (['OPENAI_BASE_URL', 'OPENAI_API_BASE'] as const).find((each) => variable(env, each) !== undefined);
  return name === undefined ? '' : `${name} is set: if that is the proxy, --url "$${name}"\n`;
}

async function chosenProfile({ world, options }: Context): Promise<NamedProfile | null> {
  const all = await readProfiles(profilesPath(world.folders.config));
  const named = options.profile ?? variable(world.env, 'VKEYS_PROFILE') ?? '';
  const name = named === '' ? all.current : named;
  const asked = named !== '' && options.profile !== undefined;
  return name === null ? null : { name, asked, profile: profileNamed(all, name), shared: all.shared };
}
