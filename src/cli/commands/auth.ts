import { resolve } from 'node:path';
import type { Found } from '../../auth/credential.ts';
import { findCredential } from '../../auth/find.ts';
import { endSession, logIn } from '../../auth/login.ts';
import {
  profilesPath,
  readProfiles,
  removeProfile,
  saveProfile,
  useProfile,
  type Profile,
  type ProfileCredential,
} from '../../auth/profiles.ts';
import { VkeysError } from '../../base/errors.ts';
import { keyInfo, listKeys } from '../../litellm/keys.ts';
import { readIdentity, rightsOf } from '../../litellm/identity.ts';
import { Secret } from '../../base/secret.ts';
import { checksText } from '../../view/checks.ts';
import { findAddress, type Address } from '../../run/address.ts';
import type { Globals } from '../options.ts';
import { emit, formatAmong, lookOf, say } from '../output.ts';
import { authenticated, connectionTo, portsOf, transportFor, withSessions } from '../../run/open.ts';
import type { World } from '../../run/world.ts';

/** Says which credential is used, where it came from, who it is on the server and what it may do. */
export async function status(world: World, options: Globals): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  return withSessions(world, options, async (sessions) => {
    const { url, connection, credential, looked } = await sessions.open(null);
    await listKeys(connection);
    const { user_id, key_alias, role } = await readIdentity(connection);
    const isMaster = credential.kind === 'master-key' && user_id === null && key_alias === null;
    const rights = isMaster ? 'It may do everything with keys.' : rightsOf(role);
    if (format !== 'table') {
      await emit(world, format, {
        url,
        kind: credential.kind,
        source: credential.source,
        user_id,
        key_alias,
        role,
        rights,
        looked,
      });
      return 0;
    }
    const who = isMaster ? 'the master key' : [user_id, key_alias, role].filter((name) => name !== null).join(', ');
    const text = checksText(
      [
        { name: 'server', state: 'ok', message: url, hint: null },
        { name: 'credential', state: 'ok', message: `${credential.source} (${credential.kind})`, hint: null },
        { name: 'who', state: 'ok', message: who === '' ? 'The server does not tell.' : who, hint: null },
        { name: 'rights', state: 'ok', message: `It may list keys. ${rights}`, hint: null },
        ...looked
          .filter(({ state }) => state !== 'used')
          .map(({ source, state }) => ({
            name: 'looked at',
            state: 'note' as const,
            message: `${source}: ${state}`,
            hint: null,
          })),
      ],
      lookOf(world, world.stdout, options),
    );
    world.stdout.write(text);
    return 0;
  });
}

/** Saves a connection as a profile. What it needs is taken from the flags and the environment, and else asked. */
export async function login(world: World, options: Globals): Promise<number> {
  const name = options.profile ?? world.env['VKEYS_PROFILE'] ?? 'default';
  /* The profile that is being made is not one to be looked up. */
  const flags: Globals = { ...options, profile: undefined };
  const outside: World = { ...world, env: { ...world.env, VKEYS_PROFILE: '' } };
  const typed = flags.url === undefined && (world.env['LITELLM_BASE_URL'] ?? '') === '' && world.stdin.isTTY;
  const url = typed ? await world.ask('Address of the server: ') : flags.url;
  const address: Address = { ...(await findAddress(outside, { ...flags, url }, null)), profile: null };
  const credential = await obtain(outside, flags, address);
  const profile: Profile = {
    url: address.url,
    credential,
    ...(Object.keys(flags.header).length === 0 ? {} : { headers: { ...flags.header } }),
    ...(flags.keyHeader === undefined ? {} : { key_header: flags.keyHeader }),
    ...(flags.caFile === undefined ? {} : { ca_file: absolute(world, flags.caFile) }),
    ...(flags.clientCert === undefined ? {} : { client_cert: absolute(world, flags.clientCert) }),
    ...(flags.clientKey === undefined ? {} : { client_key: absolute(world, flags.clientKey) }),
    ...(flags.insecure === undefined ? {} : { insecure: flags.insecure }),
  };
  await tryOut(outside, flags, { ...address, profile: { name, asked: true, profile } });
  await saveProfile(profilesPath(world.folders.config), name, profile);
  say(
    world,
    options,
    `Saved ${address.url} as the profile ${name}, and it is the current one. See who you are: vkeys auth status`,
  );
  return 0;
}

/** What is saved must work: throws what a list throws. */
async function tryOut(world: World, flags: Globals, address: Address): Promise<void> {
  const transport = await transportFor(world, flags, address);
  try {
    const { credential } = await findCredential({ profile: address.profile }, portsOf(world));
    if (credential.kind === 'password') throw new Error('a profile has no password');
    await listKeys(authenticated(connectionTo(world, flags, address, transport, world.stop), credential));
  } finally {
    await transport.close();
  }
}

/** A file or command is kept as such; a password becomes a session, whose key is kept; another key is kept itself. */
async function obtain(world: World, flags: Globals, address: Address): Promise<ProfileCredential> {
  if (flags.masterKeyFile !== undefined) return { kind: 'file', path: absolute(world, flags.masterKeyFile) };
  if (flags.masterKeyCommand !== undefined) return { kind: 'command', command: flags.masterKeyCommand };
  if (flags.auth === 'openshift') {
    return {
      kind: 'openshift',
      ...(flags.openshiftTokenFile === undefined ? {} : { token_file: absolute(world, flags.openshiftTokenFile) }),
    };
  }
  const { credential } = await foundOrAsked(world, flags);
  if (credential.kind !== 'password') return { kind: 'key', key: credential.secret };
  const transport = await transportFor(world, flags, address);
  try {
    const anonymous = connectionTo(world, flags, address, transport, world.stop);
    const { secret } = await logIn(anonymous, credential);
    const connection = authenticated(anonymous, { kind: 'login', source: credential.source, secret });
    const row = await keyInfo(connection, secret.hash());
    return { kind: 'session', key: secret, username: credential.username, expires: row?.expires ?? null };
  } finally {
    await transport.close();
  }
}

/** A profile is used in any folder. */
function absolute({ cwd }: World, path: string): string {
  return path.startsWith('~/') ? path : resolve(cwd, path);
}

async function foundOrAsked(world: World, flags: Globals): Promise<Pick<Found, 'credential'>> {
  const secret = (value: string): Secret => new Secret(value.trim());
  if (flags.username !== undefined && (world.env['LITELLM_PASSWORD'] ?? '') === '' && world.stdin.isTTY) {
    const password = secret(await world.askSecret(`Password of ${flags.username}: `));
    return { credential: { kind: 'password', source: 'the terminal', username: flags.username, password } };
  }
  try {
    return await findCredential({ ...flags, profile: null }, portsOf(world));
  } catch (error) {
    const nothing = error instanceof VkeysError && error.kind === 'auth' && error.details['looked'] !== undefined;
    if (!nothing || !world.stdin.isTTY) throw error;
    return {
      credential: { kind: 'master-key', source: 'the terminal', secret: secret(await world.askSecret('Master key: ')) },
    };
  }
}

/** Ends the profile's session on the server, if it is one, and forgets the profile. */
export async function logout(world: World, options: Globals): Promise<number> {
  const path = profilesPath(world.folders.config);
  const { current, profiles: all } = await readProfiles(path);
  const name = options.profile ?? current;
  if (name === null)
    throw new VkeysError('config', 'There is no current profile.', 'Name one: vkeys auth logout --profile NAME');
  const saved = Object.hasOwn(all, name) ? all[name] : undefined;
  if (saved?.credential?.kind === 'session') {
    const address: Address = { url: saved.url, profile: { name, asked: true, profile: saved } };
    const transport = await transportFor(world, options, address);
    try {
      await endSession(connectionTo(world, options, address, transport, world.stop), { secret: saved.credential.key });
    } finally {
      await transport.close();
    }
  }
  await removeProfile(path, name);
  say(world, options, `Forgot the profile ${name}.`);
  return 0;
}

export type ProfilesOptions = { readonly use?: string } & Globals;

/** Lists the saved connections, or chooses the current one. */
export async function profiles(world: World, options: ProfilesOptions): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  const path = profilesPath(world.folders.config);
  if (options.use !== undefined) await useProfile(path, options.use);
  const { current, profiles: all } = await readProfiles(path);
  const rows = Object.entries(all).map(([name, { url, credential }]) => ({
    name,
    url,
    credential: credential?.kind ?? null,
    current: name === current,
  }));
  if (format !== 'table') await emit(world, format, rows);
  else if (rows.length === 0)
    say(world, options, 'There are no profiles. Save one: vkeys auth login --url https://litellm.example.com');
  else
    world.stdout.write(
      rows
        .map((row) => `${row.current ? '*' : ' '} ${row.name}\t${row.url}\t${row.credential ?? 'no credential'}\n`)
        .join(''),
    );
  return 0;
}
