/** From options, spec, profile and environment to an authenticated connection. */
import type { Credential, Looked } from '../auth/credential.ts';
import { endSession, logIn } from '../auth/login.ts';
import { VkeysError } from '../base/errors.ts';
import { isRefusedFor } from '../litellm/http/request-error.ts';
import type { Connection } from '../litellm/http/request.ts';
import type { Spec } from '../model/spec.ts';
import { explained } from './control-plane.ts';
import type { Listener } from './events.ts';
import type { Opening } from './keyrings.ts';
import type { ConnectOptions } from './options.ts';
import { assertApart, findAddress, type Address, type Connections } from './server-address.ts';
import { authenticated, connectionTo, transportFor } from './server-connection.ts';
import { assertGivenFor, credentialFor } from './server-credential.ts';
import type { World } from './world.ts';

const SANDBOX: Address = { url: 'http://sandbox.invalid', profile: null, isOfSpec: false, connection: null };

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

/** What specs say of the server that they name. */
export type Named = Pick<Spec, 'url' | 'profile' | 'timeout' | 'credential'>;

/** What one of several specs says of its server, and where it says nothing another that names the same. */
export function namedBy(spec: Named, specs: readonly Named[]): Named {
  const same = [spec, ...specs.filter(({ url }) => url === spec.url)];
  return {
    url: spec.url,
    profile: spec.profile,
    timeout: same.find(({ timeout }) => timeout !== null)?.timeout ?? null,
    credential: same.find(({ credential }) => credential !== null)?.credential ?? null,
  };
}

/** The sessions of one run: one for each server that its specs name. `stop` is theirs. */
export type Sessions = { readonly stop: AbortSignal; open(named: Named | null): Promise<Session> };

/** What is heard of keyrings while they are opened. */
export function openingOf({ hear }: Pick<Context, 'hear'>, { stop }: Pick<Sessions, 'stop'>): Opening {
  return {
    stop,
    waiting: (set, holder) => hear({ is: 'locked', set, holder }),
    warning: (error) => hear({ is: 'keyring', error }),
  };
}

/** Undone in reverse order when the run ends, whatever happened. */
type Endings = ((signal: AbortSignal) => Promise<void>)[];

/** Runs `work`; afterwards requests that nobody waits for any more are dropped, logins ended and connections closed. */
export async function withSessions<T>(context: Context, work: (sessions: Sessions) => Promise<T>): Promise<T> {
  const { world, options } = context;
  const endings: Endings = [];
  const over = new AbortController();
  const drop = (): void => over.abort(world.abort.reason);
  world.abort.addEventListener('abort', drop, { once: true });
  if (world.abort.aborted) drop();
  const within = { ...context, world: { ...world, abort: over.signal } };
  const opened = new Map<string, Session>();
  const called: Connections = new Map();
  const stop = options.deadline === undefined ? world.stop : AbortSignal.any([world.stop, deadline(options.deadline)]);
  try {
    return await work({
      stop,
      open: async (named) => {
        const address = options.sandbox === true ? SANDBOX : await findAddress(context, named);
        assertApart(address, called);
        const session = opened.get(address.url) ?? (await openSession(within, address, named, stop, endings));
        opened.set(address.url, session);
        return session;
      },
    });
  } catch (error) {
    const isNone = isRefusedFor(error, 'not_found') || (error instanceof VkeysError && error.kind === 'protocol');
    const connections = [...opened.values()].map(({ connection }) => connection);
    throw isNone ? await explained(error, connections) : error;
  } finally {
    world.abort.removeEventListener('abort', drop);
    drop();
    for (const end of endings.toReversed()) await end(world.abort);
  }
}

async function openSession(
  given: Context,
  address: Address,
  named: Named | null,
  stop: AbortSignal,
  endings: Endings,
): Promise<Session> {
  const { hear, options } = given;
  const timeout = options.timeout ?? named?.timeout ?? undefined;
  const context = { ...given, options: { ...options, timeout } };
  const credential = named?.credential ?? null;
  const { credential: found, looked, notices } = await credentialFor(context, address, credential);
  if (credential === null || credential.ofEnvironment || found.source !== credential.source)
    assertGivenFor(context, address);
  const { connection: called } = address;
  if (called !== null && !called.isSaved) hear({ is: 'credential', notice: unsavedNotice(called.name, address.url) });
  for (const notice of notices) hear({ is: 'credential', notice });
  const transport = await transportFor(context, address);
  endings.push(() => transport.close());
  const anonymous = connectionTo(context, address, transport, stop);
  if (found.kind !== 'password')
    return { url: address.url, connection: authenticated(anonymous, found), credential: found, looked, stop };
  const login = await logIn(anonymous, found);
  const session: Credential = { kind: 'login', source: found.source, secret: login.secret };
  const connection = authenticated(anonymous, session);
  /* The server keeps a key for each login, for a day: leaving it would be untidy, failing for it would be wrong. */
  endings.push((signal) =>
    endSession({ ...connection, signal, stop: AbortSignal.abort() }, login).catch(() => undefined),
  );
  return { url: address.url, connection, credential: session, looked, stop };
}

function unsavedNotice(name: string, url: string): string {
  return `There is no profile ${name}, so the server is ${url}. To save one: vkeys auth login --profile ${name} --url ${url}`;
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
