/** Makes a profile of flags, environment and answers, and ends the session of one. */
import { resolve } from 'node:path';
import type { Credential, Password } from '../auth/credential.ts';
import { findCredential, NoCredential } from '../auth/find.ts';
import { given as credentialIn } from '../auth/sources.ts';
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
import { isAttended } from './prompt.ts';
import { say } from './say.ts';

/** The connection that is meant, tried out. What it needs is taken from the flags and the environment, and else asked. */
export async function profileFrom(console: Console, options: Globals, name: string): Promise<Profile> {
  /* The profile that is being made is not one to be looked up. */
  const { profile: _known, url: given, ...flags } = options;
  const outside: Console = { ...console, env: { ...console.env, VKEYS_PROFILE: '' } };
  const isAsked = given === undefined && variable(console.env, 'LITELLM_BASE_URL') === undefined && isAttended(console);
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
  const credential = await givenOrAsked(console, flags);
  say(console, flags, `The credential is that of ${credential.source}.`);
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

/** What flags and environment have, else what somebody types or pipes: nobody is asked who cannot see the question. */
async function givenOrAsked(console: Console, flags: Globals): Promise<Credential | Password> {
  const { username } = flags;
  if (username !== undefined && variable(console.env, 'LITELLM_PASSWORD') === undefined) {
    const typed = await typedOrPiped(console, flags, `password of ${username}`);
    if (typed !== null) {
      const password = hold(new Secret(typed.text.trim()));
      return { kind: 'password', source: typed.source, username, password };
    }
  }
  try {
    return (await findCredential({ ...flags, profile: null }, portsOf(console))).credential;
  } catch (error) {
    if (!(error instanceof NoCredential) || error.sought === 'login' || error.sought === 'openshift') throw error;
    const typed = await typedOrPiped(console, flags, 'master key');
    const found = typed === null ? null : credentialIn('master-key', typed.source, typed.text);
    if (found === null) throw error;
    return found.credential;
  }
}

type Typed = { readonly text: string; readonly source: string };

/** `null` where there is nobody, or nothing. What is waited for is said first: a pipe may stay open for long. */
async function typedOrPiped(console: Console, flags: Globals, what: string): Promise<Typed | null> {
  if (isAttended(console)) {
    return {
      text: await console.askSecret(`${what.charAt(0).toUpperCase()}${what.slice(1)}: `),
      source: 'the terminal',
    };
  }
  if (console.stdin.isTTY) return null;
  say(console, flags, `Reading the ${what} from standard input …`);
  const text = await console.stdin.read();
  return text.trim() === '' ? null : { text, source: 'standard input' };
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
    connection: null,
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
