/** Makes a profile of flags, environment and answers, and ends the session of one. */
import { resolve } from 'node:path';
import type { Credential, Password } from '../auth/credential.ts';
import { findCredential, NoCredential } from '../auth/find.ts';
import { endSession, logIn } from '../auth/login.ts';
import type { Profile, ProfileCredential } from '../auth/profiles.ts';
import { VkeysError } from '../base/errors.ts';
import { hold, Secret } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import { keyInfo, mayList } from '../litellm/keys.ts';
import { findAddress, type Address } from '../run/server-address.ts';
import { authenticated, connectionTo, transportFor } from '../run/server-connection.ts';
import { portsOf } from '../run/server-credential.ts';
import type { Console } from './console.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';

/** The connection that is meant, tried out. What it needs is taken from the flags and the environment, and else asked. */
export async function profileFrom(console: Console, options: Globals, name: string): Promise<Profile> {
  /* The profile that is being made is not one to be looked up. */
  const { profile: _known, url: given, ...flags } = options;
  const outside: Console = { ...console, env: { ...console.env, VKEYS_PROFILE: '' } };
  const isAsked = given === undefined && variable(console.env, 'LITELLM_BASE_URL') === undefined && console.stdin.isTTY;
  const url = isAsked ? await console.ask('Address of the server: ') : given;
  const named = url === undefined ? flags : { ...flags, url };
  const address: Address = { ...(await findAddress(contextOf(outside, named), null)), profile: null };
  const credential = await obtain(outside, flags, address);
  const profile: Profile = {
    url: address.url,
    credential,
    ...(Object.keys(flags.header).length === 0 ? {} : { headers: { ...flags.header } }),
    ...(flags.keyHeader === undefined ? {} : { key_header: flags.keyHeader }),
    ...(flags.caFile === undefined ? {} : { ca_file: absolute(console, flags.caFile) }),
    ...(flags.clientCert === undefined ? {} : { client_cert: absolute(console, flags.clientCert) }),
    ...(flags.clientKey === undefined ? {} : { client_key: absolute(console, flags.clientKey) }),
    ...(flags.insecure === undefined ? {} : { insecure: flags.insecure }),
  };
  await tryOut(outside, flags, { ...address, profile: { name, asked: true, profile, shared: null } });
  return profile;
}

/** What is saved must work: throws what a list throws. */
async function tryOut(console: Console, flags: Globals, address: Address): Promise<void> {
  const transport = await transportFor(contextOf(console, flags), address);
  try {
    const { credential } = await findCredential({ profile: address.profile }, portsOf(console));
    if (credential.kind === 'password') throw new Error('a profile has no password');
    await mayList(authenticated(connectionTo(contextOf(console, flags), address, transport, console.stop), credential));
  } finally {
    await transport.close();
  }
}

/** A file or command is kept as such; a password becomes a session, whose key is kept; another key is kept itself. */
async function obtain(console: Console, flags: Globals, address: Address): Promise<ProfileCredential> {
  if (flags.masterKeyFile !== undefined) return { kind: 'file', path: absolute(console, flags.masterKeyFile) };
  if (flags.masterKeyCommand !== undefined) return { kind: 'command', command: flags.masterKeyCommand };
  if (flags.auth === 'openshift') {
    return {
      kind: 'openshift',
      ...(flags.openshiftTokenFile === undefined ? {} : { token_file: absolute(console, flags.openshiftTokenFile) }),
    };
  }
  const { credential } = await givenOrAsked(console, flags);
  if (credential.kind !== 'password') return { kind: 'key', key: credential.secret };
  const transport = await transportFor(contextOf(console, flags), address);
  try {
    const anonymous = connectionTo(contextOf(console, flags), address, transport, console.stop);
    const { secret } = await logIn(anonymous, credential);
    const connection = authenticated(anonymous, { kind: 'login', source: credential.source, secret });
    const row = await keyInfo(connection, secret.hash());
    return { kind: 'session', key: secret, username: credential.username, expires: row?.expires ?? null };
  } finally {
    await transport.close();
  }
}

/** A profile is used in any folder. */
function absolute({ cwd }: Console, path: string): string {
  return path.startsWith('~/') ? path : resolve(cwd, path);
}

async function givenOrAsked(console: Console, flags: Globals): Promise<{ readonly credential: Credential | Password }> {
  const secret = (value: string): Secret => hold(new Secret(value.trim()));
  if (flags.username !== undefined && variable(console.env, 'LITELLM_PASSWORD') === undefined && console.stdin.isTTY) {
    const password = secret(await console.askSecret(`Password of ${flags.username}: `));
    return { credential: { kind: 'password', source: 'the terminal', username: flags.username, password } };
  }
  try {
    return await findCredential({ ...flags, profile: null }, portsOf(console));
  } catch (error) {
    if (!(error instanceof NoCredential) || !console.stdin.isTTY) throw error;
    return {
      credential: {
        kind: 'master-key',
        source: 'the terminal',
        secret: secret(await console.askSecret('Master key: ')),
      },
    };
  }
}

/** Ends a profile's session on the server, if it is one; answers with what kept it from that. */
export async function endSessionOf(
  console: Console,
  options: Globals,
  name: string,
  saved: Profile,
): Promise<VkeysError | null> {
  if (saved.credential?.kind !== 'session') return null;
  const address: Address = {
    url: saved.url,
    profile: { name, asked: true, profile: saved, shared: null },
    isOfSpec: false,
  };
  try {
    const transport = await transportFor(contextOf(console, options), address);
    try {
      const connection = connectionTo(contextOf(console, options), address, transport, console.stop);
      await endSession({ ...connection, stop: AbortSignal.abort() }, { secret: saved.credential.key });
    } finally {
      await transport.close();
    }
    return null;
  } catch (error) {
    if (!(error instanceof VkeysError) || console.stop.aborted) throw error;
    return error;
  }
}
