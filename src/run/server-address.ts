import type { NamedProfile } from '../auth/credential.ts';
import { profileNamed, profilesPath, readProfiles } from '../auth/profiles.ts';
import { VkeysError } from '../base/errors.ts';
import { variable } from '../base/variables.ts';
import { serverAddress, serverUrl } from '../litellm/http/url.ts';
import type { Spec } from '../model/spec.ts';
import type { Context } from './open.ts';
import type { World } from './world.ts';

const ADDRESSES = ['LITELLM_BASE_URL', 'LITELLM_PROXY_URL', 'LITELLM_API_BASE'] as const;

/** What a spec calls its server by; `isSaved`: there is a profile for it. */
type SpecConnection = { readonly name: string; readonly isSaved: boolean };

/**
 * The server that is meant, and the profile that is about this server. `isOfSpec`: only a spec names it, and the environment
 * names another. `connection`: the spec's, where no flag says another server.
 */
export type Address = {
  readonly url: string;
  readonly profile: NamedProfile | null;
  readonly isOfSpec: boolean;
  readonly connection: SpecConnection | null;
};

/**
 * The server's address: --url, else the spec's, else that of --profile or of the profile that a spec names, else the environment's,
 * else that of the profile which VKEYS_PROFILE names, or of the current one. A profile's credential goes to the profile's own address and to no other, wherever that was named.
 * Throws `usage` when nobody names one, `config` for a profile that does not exist.
 */
export async function findAddress(context: Context, spec: Pick<Spec, 'url' | 'profile'> | null): Promise<Address> {
  const { world, options, hear } = context;
  const specUrl = spec?.url ?? null;
  const isSaid = options.url !== undefined || options.profile !== undefined;
  const called = isSaid ? null : (spec?.profile ?? null);
  const { profile, isSaved } = await chosenProfile(context, called);
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
      `${called === null ? '' : `Save its profile: vkeys auth login --profile ${called} --url URL\n`}${clientHint(world)}Set LITELLM_BASE_URL=https://litellm.example.com, or try it without a server: --sandbox`,
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
    connection: called === null ? null : { name: called, isSaved },
  };
}

/** Where programs that use models have the proxy's address. */
function clientHint({ env }: World): string {
  const name = (['OPENAI_BASE_URL', 'OPENAI_API_BASE'] as const).find((each) => variable(env, each) !== undefined);
  return name === undefined ? '' : `${name} is set: if that is the proxy, --url "$${name}"\n`;
}

type Chosen = { readonly profile: NamedProfile | null; readonly isSaved: boolean };

/** That of `--profile`, of what a spec calls its server by, of VKEYS_PROFILE, or the current one. */
async function chosenProfile({ world, options }: Context, called: string | null): Promise<Chosen> {
  const all = await readProfiles(profilesPath(world.folders.config));
  const names = called === null ? [] : [called, called.slice(called.indexOf('/') + 1)];
  const saved = names.find((each) => Object.hasOwn(all.profiles, each));
  const named = options.profile ?? saved ?? variable(world.env, 'VKEYS_PROFILE') ?? '';
  const name = named === '' ? all.current : named;
  const asked = named !== '' && (options.profile ?? saved) !== undefined;
  const profile = name === null ? null : { name, asked, profile: profileNamed(all, name), shared: all.shared };
  return { profile, isSaved: saved !== undefined };
}

/** What connections of a run are at which address. */
export type Connections = Map<string, SpecConnection>;

/** Two connections are two servers unless profiles say otherwise: what is meant for one must not land on the other. Throws `config`. */
export function assertApart({ url, connection }: Address, others: Connections): void {
  if (connection === null) return;
  const other = others.get(url) ?? connection;
  others.set(url, other);
  if (other.name === connection.name || (other.isSaved && connection.isSaved)) return;
  const unsaved = connection.isSaved ? other : connection;
  throw new VkeysError(
    'config',
    `The connections ${other.name} and ${connection.name} would both be ${url}, and there is no profile ${unsaved.name}. Nothing was changed.`,
    `Say where it is: vkeys auth login --profile ${unsaved.name} --url URL. If both are one server: --url ${url}`,
  );
}
