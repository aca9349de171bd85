/** From flags, spec, profile and environment to an authenticated connection. */
import { VkeysError } from '../errors.ts';
import type { Connection, Trace } from '../litellm/request.ts';
import { serverUrl } from '../litellm/url.ts';
import { Secret } from '../secret.ts';
import type { Globals } from './globals.ts';
import { say } from './output.ts';
import type { Transport, World } from './world.ts';

export const SANDBOX_URL = 'http://sandbox.invalid';
export const SANDBOX_KEY = 'sk-sandbox';

/** One server, and who we are there. */
export type Session = {
  readonly url: string;
  readonly connection: Connection;
  /** Aborted when no more work is to be begun: Ctrl-C, or the deadline. */
  readonly stop: AbortSignal;
};

/** The sessions of one command: one for each server that its specs name. */
export type Sessions = { open(specUrl: string | null): Promise<Session> };

/** Runs `work`; afterwards, whatever happened, connections are closed. */
export async function withSessions<T>(
  world: World,
  globals: Globals,
  work: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  const transports: Transport[] = [];
  try {
    return await work({
      open: async (specUrl) => {
        const url =
          globals.sandbox === true
            ? SANDBOX_URL
            : serverUrl(globals.url ?? specUrl ?? world.env['LITELLM_BASE_URL'] ?? '');
        const transport = await transportFor(world, globals);
        transports.push(transport);
        const secret = new Secret(globals.sandbox === true ? SANDBOX_KEY : (world.env['LITELLM_MASTER_KEY'] ?? ''));
        const connection: Connection = {
          url,
          fetch: transport.fetch,
          secret,
          keyHeader: globals.keyHeader ?? 'Authorization',
          headers: globals.header,
          timeout: globals.timeout,
          signal: world.abort,
          stop: world.stop,
          now: world.now,
          random: world.random,
          sleep: world.sleep,
          trace: tracer(world, globals),
          refused: (problem) => new VkeysError('auth', problem.message, ''),
        };
        return { url, connection, stop: world.stop };
      },
    });
  } finally {
    for (const transport of transports) await transport.close();
  }
}

async function transportFor(world: World, globals: Globals): Promise<Transport> {
  if (globals.sandbox !== true)
    return world.transport({ insecure: globals.insecure === true, connections: globals.concurrency, env: world.env });
  const [{ createSandbox }, { sandboxFetch }] = await Promise.all([
    import('../sandbox/sandbox.ts'),
    import('../sandbox/port.ts'),
  ]);
  const sandbox = createSandbox({ now: world.now, masterKey: SANDBOX_KEY });
  return { fetch: sandboxFetch(sandbox), close: () => Promise.resolve() };
}

function tracer(world: World, globals: Globals): (line: Trace) => void {
  if (globals.debug !== true) return () => undefined;
  return ({ method, path, status, milliseconds }) =>
    say(world, {}, `${method} ${path} ${String(status)} ${String(milliseconds)} ms`);
}
