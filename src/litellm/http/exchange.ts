import { VkeysError } from '../../base/errors.ts';
import type { HttpInit, HttpResponse } from './fetch.ts';
import type { Connection } from './request.ts';
import { RequestError } from './request-error.ts';
import { waitAskedFor } from './retry.ts';
import { within } from './within.ts';

/** An answer of any status. */
export type Reply = { readonly status: number; readonly headers: HttpResponse['headers']; readonly text: string };

/** What is sent to a path (with its query), beside the headers that the connection has for everybody. */
export type Message = Pick<HttpInit, 'method' | 'headers' | 'body' | 'longest'>;

/**
 * Sends a message once, within the connection's timeout, and shows it to `trace`. Throws `RequestError` where there is no
 * answer, and the signal's reason.
 */
export async function exchange(connection: Connection, path: string, message: Message): Promise<Reply> {
  const started = connection.now().getTime();
  const trace = (status: number | string): void => {
    const milliseconds = connection.now().getTime() - started;
    connection.trace({ method: message.method, path: path.replace(/\?.*/, ''), status, milliseconds });
  };
  try {
    const reply = await within(connection.timeout, connection.signal, async (signal) => {
      const response = await connection.fetch(`${connection.url}${path}`, { ...message, signal, redirect: 'manual' });
      return { status: response.status, headers: response.headers, text: await response.text() };
    });
    trace(reply.status);
    return reply;
  } catch (error) {
    if (connection.signal.aborted) throw connection.signal.reason;
    const explained = isTimeout(error) ? tooLate(connection, error) : error;
    if (explained instanceof VkeysError) trace(explained.kind);
    throw explained;
  }
}

/** Does the work, and tells the pace how the server bore it. `route`: what answers of the same latency have in common. */
export async function paced<T>({ pace, now }: Connection, route: string, work: () => Promise<T>): Promise<T> {
  const sent = now().getTime();
  try {
    const result = await work();
    pace.answered(route, now().getTime() - sent);
    return result;
  } catch (error) {
    if (error instanceof VkeysError && error.transient) pace.overloaded(sent, waitAskedFor(error));
    throw error;
  }
}

/** A timeout arrives bare; transports explain everything else. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function tooLate({ url, timeout }: Connection, cause: unknown): RequestError {
  return new RequestError(
    'timeout',
    `${url} did not answer within ${String(timeout / 1000)} s.`,
    'Raise --timeout, or look at the server with `vkeys doctor`.',
    { cause, reach: 'unknown', transient: true },
  );
}
