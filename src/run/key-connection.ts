/** A connection for what is asked with keys themselves, without any credential of an administrator. */
import { explainRefusal } from '../auth/refusal.ts';
import type { Connection } from '../litellm/http/request.ts';
import type { Context } from './open.ts';
import { findAddress } from './server-address.ts';
import { connectionTo, transportFor } from './server-connection.ts';

/** Runs `work` with it; afterwards it is closed. */
export async function withKeyConnection<T>(
  context: Context,
  url: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const there = { ...context, options: { ...context.options, url } };
  const address = await findAddress(there, null);
  const transport = await transportFor(there, address);
  try {
    const anonymous = connectionTo(there, address, transport, context.world.stop);
    return await work({
      ...anonymous,
      refused: (problem) => explainRefusal(problem, { kind: 'master-key', source: 'The key' }, url),
    });
  } finally {
    await transport.close();
  }
}
