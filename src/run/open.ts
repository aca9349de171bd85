/** From flags, spec, profile and environment to an authenticated connection. */
import type { Credential, Found, Looked, Ports } from '../auth/credential.ts';
import { explainRefusal } from '../auth/explain.ts';
import { findCredential } from '../auth/find.ts';
import { endSession, logIn } from '../auth/login.ts';
import { readSecretFile } from '../auth/read.ts';
import { VkeysError } from '../base/errors.ts';
import { startPace } from '../litellm/http/pace.ts';
import type { Connection, Trace } from '../litellm/http/request.ts';
import type { Transport } from '../litellm/http/transport.ts';
import { Secret } from '../base/secret.ts';
import { oneLine } from '../encode/terminal.ts';
import { findAddress, type Address } from './address.ts';
import type { Globals } from '../cli/options.ts';
import { say } from '../cli/output.ts';
import type { World } from './world.ts';

export const SANDBOX_KEY = 'sk-sandbox';
const SANDBOX: Address = { url: 'http://sandbox.invalid', profile: null };

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

/** The sessions of one command: one for each server that its specs name. */
export type Sessions = { open(specUrl: string | null): Promise<Session> };

/** Undone in reverse order when the command ends, whatever happened. */
type Endings = (() => Promise<void>)[];

/** Runs `work`; afterwards logins are ended and connections closed. */
export async function withSessions<T>(
  world: World,
  globals: Globals,
  work: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  const endings: Endings = [];
  const opened = new Map<string, Session>();
  const stop = globals.deadline === undefined ? world.stop : AbortSignal.any([world.stop, deadline(globals.deadline)]);
  try {
    return await work({
      open: async (specUrl) => {
        const address = globals.sandbox === true ? SANDBOX : await findAddress(world, globals, specUrl);
        const session = opened.get(address.url) ?? (await openSession(world, globals, address, stop, endings));
        opened.set(address.url, session);
        return session;
      },
    });
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}

async function openSession(
  world: World,
  globals: Globals,
  address: Address,
  stop: AbortSignal,
  endings: Endings,
): Promise<Session> {
  const { credential: found, looked, notices } = await credentialFor(world, globals, address);
  for (const notice of notices) say(world, globals, `warning: ${notice}`);
  const transport = await transportFor(world, globals, address);
  endings.push(() => transport.close());
  const anonymous = connectionTo(world, globals, address, transport, stop);
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

async function credentialFor(world: World, globals: Globals, { profile }: Address): Promise<Found> {
  if (globals.sandbox === true) {
    return {
      credential: { kind: 'master-key', source: 'the sandbox', secret: new Secret(SANDBOX_KEY) },
      looked: [],
      notices: [],
    };
  }
  return findCredential({ ...globals, profile }, portsOf(world));
}

/** What looking for a credential needs of the world. */
export function portsOf({ env, cwd, stdin, run, now }: World): Ports {
  return { env, readFile: (path) => readSecretFile(path, cwd), readStdin: () => stdin.read(), run, now };
}

/** A connection without a credential yet, for a login. */
export function connectionTo(
  world: World,
  globals: Globals,
  { url, profile }: Address,
  transport: Transport,
  stop: AbortSignal,
): Connection {
  return {
    url,
    fetch: transport.fetch,
    secret: null,
    keyHeader: globals.keyHeader ?? profile?.profile.key_header ?? 'Authorization',
    headers: { ...profile?.profile.headers, ...globals.header },
    timeout: globals.timeout,
    signal: stop,
    stop,
    now: world.now,
    random: world.random,
    sleep: world.sleep,
    pace: startPace({
      most: globals.concurrency,
      now: () => world.now().getTime(),
      sleep: (milliseconds) => world.sleep(milliseconds, stop),
    }),
    waiting: waiter(world, globals),
    trace: tracer(world, globals),
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

/** The way to a server; with `--sandbox`, one that leads to a LiteLLM inside this process. */
export async function transportFor(world: World, globals: Globals, { profile }: Address): Promise<Transport> {
  if (globals.sandbox === true) {
    const [{ createSandbox }, { sandboxFetch }] = await Promise.all([
      import('../sandbox/sandbox.ts'),
      import('../sandbox/port.ts'),
    ]);
    const sandbox = createSandbox({ now: world.now, masterKey: SANDBOX_KEY });
    return { fetch: sandboxFetch(sandbox), close: () => Promise.resolve() };
  }
  const saved = profile?.profile;
  const insecure = globals.insecure ?? saved?.insecure ?? false;
  if (insecure)
    say(world, globals, 'warning: certificates are not checked: anybody on the way can read the credential.');
  const caFile = globals.caFile ?? saved?.ca_file;
  const clientCert = globals.clientCert ?? saved?.client_cert;
  const clientKey = globals.clientKey ?? saved?.client_key;
  return world.transport({
    insecure,
    connections: globals.concurrency,
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

/** Milliseconds between two such lines: many requests wait for the same thing. */
const SELDOM = 10_000;

function waiter(world: World, globals: Globals): (error: VkeysError) => void {
  let told = -Infinity;
  return ({ message }) => {
    const now = world.now().getTime();
    if (now - told < SELDOM) return;
    told = now;
    say(world, globals, `waiting: ${oneLine(message)}`);
  };
}

function tracer(world: World, { debug }: Globals): (line: Trace) => void {
  if (debug !== true) return () => undefined;
  return ({ method, path, status, milliseconds }) => {
    world.stderr.write(`${method} ${path} ${String(status)} ${String(milliseconds)} ms\n`);
  };
}
