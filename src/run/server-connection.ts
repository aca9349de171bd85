import type { Credential } from '../auth/credential.ts';
import { explainRefusal } from '../auth/refusal.ts';
import { startClock } from '../base/clock.ts';
import { startPace } from '../litellm/http/pace.ts';
import type { Connection } from '../litellm/http/request.ts';
import type { Transport } from '../litellm/http/transport.ts';
import type { Context } from './open.ts';
import { DEFAULT_TIMEOUT } from './options.ts';
import type { Address } from './server-address.ts';
import { SANDBOX_KEY } from './server-credential.ts';

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
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
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
