/**
 * Named connections, in a JSON file that only its owner may read:
 *
 *     { "current": "work",
 *       "profiles": { "work": { "url": "https://…", "credential": { "kind": "file", "path": "~/.litellm-key" } } } }
 *
 * A profile without `credential` is an address; the credential then comes from elsewhere. A password is never kept:
 * `vkeys auth login` keeps the session's key, which the server lets live for a day.
 */
import { join } from 'node:path';
import * as z from 'zod/mini';
import { VkeysError } from '../base/errors.ts';
import { replaceFile } from '../base/files.ts';
import { parseJson } from '../base/json.ts';
import { hold, Secret } from '../base/secret.ts';
import type { Stuck } from '../base/modes.ts';
import { didYouMean } from '../base/suggest.ts';
import { readSecretFile } from './read.ts';

const text = z.string().check(z.minLength(1));
const secret = z.pipe(
  text,
  z.transform((value) => hold(new Secret(value))),
);

const StoredCredential = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), key: secret }),
  z.strictObject({ kind: z.literal('file'), path: text }),
  z.strictObject({ kind: z.literal('command'), command: text }),
  z.strictObject({ kind: z.literal('session'), key: secret, username: text, expires: z.nullable(text) }),
  z.strictObject({ kind: z.literal('openshift'), token_file: z.optional(text) }),
]);

const StoredProfile = z.strictObject({
  url: text,
  credential: z.optional(StoredCredential),
  headers: z.optional(z.record(z.string(), z.string())),
  key_header: z.optional(text),
  ca_file: z.optional(text),
  client_cert: z.optional(text),
  client_key: z.optional(text),
  insecure: z.optional(z.boolean()),
});

const Stored = z.strictObject({ current: z.nullable(text), profiles: z.record(text, StoredProfile) });

/** Where a profile's credential is, or the credential itself. `expires` is RFC 3339, `null` where the server did not say. */
export type ProfileCredential = z.output<typeof StoredCredential>;
/** A named connection. Paths in it are absolute or begin with `~/`. */
export type Profile = z.output<typeof StoredProfile>;
export type Profiles = {
  /** The one that is used when nothing else is said. */
  readonly current: string | null;
  readonly profiles: Readonly<Record<string, Profile>>;
  /** Why others can read the file, where nobody can close it. */
  readonly shared: Stuck | null;
};

/** The file in vkeys' folder of configuration; `null` where there is no folder. */
export function profilesPath(folder: string | null): string | null {
  return folder === null ? null : join(folder, 'profiles.json');
}

/** All profiles; none where there is no file. Throws `config` when others can read the file, or it is not understood. */
export async function readProfiles(path: string | null): Promise<Profiles> {
  const file = path === null ? null : await readSecretFile(path);
  if (path === null || file === null) return { current: null, profiles: {}, shared: null };
  if (file.shared === 'closable') {
    throw new VkeysError(
      'config',
      `${path} has credentials in it, and other users of this machine can read it.`,
      `Make it yours alone: chmod 600 '${path}'`,
    );
  }
  const result = Stored.safeParse(parseJson(file.text));
  if (result.success) return { ...result.data, shared: file.shared };
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}: ${issue.message}`;
  throw new VkeysError(
    'config',
    `${path} is not a file of profiles${place}.`,
    'Correct it, or remove it and save the connections again with `vkeys auth login`.',
  );
}

/** The profile of this name. Throws `config` when there is none. */
export function profileNamed({ profiles }: Profiles, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const names = Object.keys(profiles);
  throw new VkeysError(
    'config',
    `There is no profile ${name}.${didYouMean(name, names)}`,
    names.length === 0
      ? `Save it: vkeys auth login --profile ${name} --url https://litellm.example.com`
      : `Choose one of ${names.toSorted().join(', ')}, or save it with \`vkeys auth login --profile ${name}\`.`,
  );
}

/** Saves a profile under a name and makes it the current one. */
export async function saveProfile(path: string | null, name: string, profile: Profile): Promise<void> {
  const { profiles } = await readProfiles(path);
  await writeProfiles(path, { current: name, profiles: { ...profiles, [name]: profile } });
}

/** Forgets a profile and answers with it. Throws `config` when there is none. */
export async function removeProfile(path: string | null, name: string): Promise<Profile> {
  const before = await readProfiles(path);
  const removed = profileNamed(before, name);
  const profiles = Object.fromEntries(Object.entries(before.profiles).filter(([other]) => other !== name));
  await writeProfiles(path, { current: before.current === name ? null : before.current, profiles });
  return removed;
}

/** Makes a profile the current one. Throws `config` when there is none. */
export async function useProfile(path: string | null, name: string): Promise<void> {
  const before = await readProfiles(path);
  profileNamed(before, name);
  await writeProfiles(path, { ...before, current: name });
}

/** The one place where credentials leave for the disk. */
async function writeProfiles(path: string | null, { current, profiles }: Omit<Profiles, 'shared'>): Promise<void> {
  assertSavable(path);
  const stored = Object.fromEntries(
    Object.entries(profiles).map(([name, profile]) => [
      name,
      { ...profile, ...(profile.credential === undefined ? {} : { credential: revealed(profile.credential) }) },
    ]),
  );
  await replaceFile(path, `${JSON.stringify({ current, profiles: stored }, null, 2)}\n`);
}

/** Throws `config` where a profile could not be saved, before anything is asked for it. */
export function assertSavable(path: string | null): asserts path is string {
  if (path !== null) return;
  throw new VkeysError(
    'config',
    'There is no folder for profiles: HOME is not set, or is not open to this user.',
    'Set XDG_CONFIG_HOME to a folder that lasts, or give the connection by LITELLM_BASE_URL and LITELLM_MASTER_KEY.',
  );
}

function revealed(credential: ProfileCredential): object {
  return 'key' in credential ? { ...credential, key: credential.key.reveal() } : credential;
}
