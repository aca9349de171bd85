/** From options, spec, profile and environment to an authenticated connection. */
import type { Credential, ChosenCredential, Looked, Ports } from '../auth/credential.ts';
import { explainRefusal } from '../auth/refusal.ts';
import { findCredential } from '../auth/find.ts';
import { endSession, logIn } from '../auth/login.ts';
import { readSecretFile } from '../auth/read.ts';
import { startClock } from '../base/clock.ts';
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { startPace } from '../litellm/http/pace.ts';
import type { Connection } from '../litellm/http/request.ts';
import type { Transport } from '../litellm/http/transport.ts';
import { findAddress, type Address } from './server-address.ts';
import type { Listener } from './events.ts';
import type { Opening } from './keyrings.ts';
import type { ConnectOptions } from './options.ts';
import type { World } from './world.ts';

export const SANDBOX_KEY = 'sk-sandbox';
const SANDBOX: Address = { url: 'http://sandbox.invalid', profile: null, isOfSpec: false };

/** What every step of a run is given: the world, what was asked for, and who listens. */
export type Context<Options = ConnectOptions> = {
  readonly world: World;
  readonly options: Options;
  readonly hear: Listener;
};

/** One server, and who we are there. */
export type Session = {
  readonly url: string;
  readonly connection: Connection;
  readonly credential: Credential;
  /** The sources of a credential that were looked at. */
  readonly looked: readonly Looked[];
  /** Aborted when no more work is to be begun: Ctrl-C, or the deadline. */
  readonly stop: AbortSignal;
};

/** The sessions of one run: one for each server that its specs name. `stop` is theirs. */
export type Sessions = { readonly stop: AbortSignal; open(specUrl: string | null): Promise<Session> };

/** What is heard of keyrings while they are opened. */
export function openingOf({ hear }: Pick<Context, 'hear'>, { stop }: Pick<Sessions, 'stop'>): Opening {
  return {
    stop,
    waiting: (set, holder) => hear({ is: 'locked', set, holder }),
    warning: (error) => hear({ is: 'keyring', error }),
  };
}

/** Undone in reverse order when the run ends, whatever happened. */
type Endings = (() => Promise<void>)[];

/** Runs `work`; afterwards logins are ended and connections closed. */
export async function withSessions<T>(context: Context, work: (sessions: Sessions) => Promise<T>): Promise<T> {
  const { world, options } = context;
  const endings: Endings = [];
  const opened = new Map<string, Session>();
  const stop = options.deadline === undefined ? world.stop : AbortSignal.any([world.stop, deadline(options.deadline)]);
  try {
    return await work({
      stop,
      open: async (specUrl) => {
        const address = options.sandbox === true ? SANDBOX : await findAddress(context, specUrl);
        const session = opened.get(address.url) ?? (await openSession(context, address, stop, endings));
        opened.set(address.url, session);
        return session;
      },
    });
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}

async function openSession(context: Context, address: Address, stop: AbortSignal, endings: Endings): Promise<Session> {
  const { world, hear } = context;
  const { credential: found, looked, notices } = await credentialFor(context, address);
  assertGivenFor(context, address);
  for (const notice of notices) hear({ is: 'credential', notice });
  const transport = await transportFor(context, address);
  endings.push(() => transport.close());
  const anonymous = connectionTo(context, address, transport, stop);
  if (found.kind !== 'password')
    return { url: address.url, connection: authenticated(anonymous, found), credential: found, looked, stop };
  const login = await logIn(anonymous, found);
  const credential: Credential = { kind: 'login', source: found.source, secret: login.secret };
  const connection = authenticated(anonymous, credential);
  /* The server keeps a key for each login, for a day: leaving it would be untidy, failing for it would be wrong. */
  endings.push(() =>
    endSession({ ...connection, signal: world.abort, stop: AbortSignal.abort() }, login).catch(() => undefined),
  );
  return { url: address.url, connection, credential, looked, stop };
}

/**
 * A credential of the environment belongs to the server of the environment: whoever writes a spec must not send it
 * elsewhere. Throws `refused`.
 */
function assertGivenFor({ options }: Context, { url, profile, isOfSpec }: Address): void {
  const { masterKey, masterKeyFile, masterKeyStdin, masterKeyCommand, openshiftTokenFile } = options;
  const given = [masterKey, masterKeyFile, masterKeyCommand, openshiftTokenFile].some((each) => each !== undefined);
  if (!isOfSpec || profile !== null || given || masterKeyStdin === true) return;
  throw new VkeysError(
    'refused',
    `The spec names the server ${url}, and the environment another one: no credential was sent there.`,
    `If it is meant, say so: --url ${url}, a profile for it (vkeys auth login --url ${url}), or --master-key-file.`,
  );
}

async function credentialFor({ world, options }: Context, { profile }: Address): Promise<ChosenCredential> {
  if (options.sandbox === true) {
    const secret = new Secret(SANDBOX_KEY);
    return { credential: { kind: 'master-key', source: 'the sandbox', secret }, looked: [], notices: [] };
  }
  return findCredential({ ...options, profile }, portsOf(world));
}

/** What looking for a credential needs of the world. */
export function portsOf({ env, cwd, stdin, run, now }: World): Ports {
  return { env, readFile: (path) => readSecretFile(path, cwd), readStdin: () => stdin.read(), run, now };
}

/** A connection without a credential yet, for a login. */
export function connectionTo(
  { world, options, hear }: Context,
  { url, profile }: Address,
  transport: Transport,
  stop: AbortSignal,
): Connection {
  return {
    url,
    fetch: transport.fetch,
    secret: null,
    keyHeader: options.keyHeader ?? profile?.profile.key_header ?? 'Authorization',
    headers: { ...profile?.profile.headers, ...options.header },
    timeout: options.timeout,
    signal: stop,
    stop,
    now: world.now,
    clock: startClock(world.now),
    random: world.random,
    sleep: world.sleep,
    pace: startPace({
      most: options.concurrency,
      now: () => world.now().getTime(),
      sleep: (milliseconds) => world.sleep(milliseconds, stop),
    }),
    waiting: (error) => hear({ is: 'waiting', error }),
    trace: (trace) => hear({ is: 'request', trace }),
    refused: (problem) => explainRefusal(problem, { kind: 'master-key', source: 'No credential' }, url),
  };
}

/** The connection with a credential, whose source refusals name. */
export function authenticated(connection: Connection, credential: Credential): Connection {
  return {
    ...connection,
    secret: credential.secret,
    refused: (problem) => explainRefusal(problem, credential, connection.url),
  };
}

/** The way to a server; with `sandbox`, one that leads to a LiteLLM inside this process. */
export async function transportFor({ world, options, hear }: Context, { profile }: Address): Promise<Transport> {
  if (options.sandbox === true) {
    const [{ createSandbox }, { sandboxFetch }] = await Promise.all([
      import('../sandbox/sandbox.ts'),
      import('../sandbox/port.ts'),
    ]);
    const sandbox = createSandbox({ now: world.now, masterKey: SANDBOX_KEY });
    return { fetch: sandboxFetch(sandbox), close: () => Promise.resolve() };
  }
  const saved = profile?.profile;
  const insecure = options.insecure ?? saved?.insecure ?? false;
  if (insecure) hear({ is: 'insecure' });
  const caFile = options.caFile ?? saved?.ca_file;
  const clientCert = options.clientCert ?? saved?.client_cert;
  const clientKey = options.clientKey ?? saved?.client_key;
  return world.transport({
    insecure,
    connections: options.concurrency,
    env: world.env,
    ...(caFile === undefined ? {} : { caFile }),
    ...(clientCert === undefined ? {} : { clientCert }),
    ...(clientKey === undefined ? {} : { clientKey }),
  });
}

function deadline(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const seconds = String(milliseconds / 1000);
  const error = new VkeysError(
    'timeout',
    `The --deadline of ${seconds} s is over.`,
    'Run the same command again: it goes on where it stopped.',
  );
  setTimeout(() => controller.abort(error), milliseconds).unref();
  return controller.signal;
}
