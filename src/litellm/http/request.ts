import { VkeysError } from '../../base/errors.ts';
import { parseJson, type Json } from '../../base/json.ts';
import type { Secret } from '../../base/secret.ts';
import { explainProblem } from './explain.ts';
import type { Fetch, HttpResponse } from './fetch.ts';
import type { Pace } from './pace.ts';
import { readProblem, type Problem } from './problem.ts';
import { readRetryAfter, startPatience, waitAskedFor } from './retry.ts';
import { within } from './within.ts';

/** One request as `--debug` shows it: never with a header, a body or a query, so never with a secret. */
export type Trace = {
  readonly method: string;
  readonly path: string;
  /** An HTTP status, or a word for why there was none. */
  readonly status: number | string;
  readonly milliseconds: number;
};

/** An authenticated way to one LiteLLM server. */
export type Connection = {
  /** The server's address, without `/v1` and without a slash at its end. */
  readonly url: string;
  readonly fetch: Fetch;
  /** `null` asks anonymously. */
  readonly secret: Secret | null;
  /** The header that carries the secret; `Authorization` is sent as a bearer. */
  readonly keyHeader: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Ends requests that are under way. */
  readonly signal: AbortSignal;
  /** Ends waiting and repeating, but no request that is under way. */
  readonly stop: AbortSignal;
  readonly now: () => Date;
  readonly random: () => number;
  /** Resolves after so many milliseconds, or as soon as a signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly pace: Pace;
  /** Hears why a request is put off for seconds. */
  readonly waiting: (error: VkeysError) => void;
  readonly trace: (line: Trace) => void;
  /** Words for a 401 or 403, which depend on where the credential came from. */
  readonly refused: (problem: Problem) => VkeysError;
};

export type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
};

/** A successful answer. `date` is the server's clock, where it told it; `length` is the body's in characters. */
export type Answer = { readonly body: Json; readonly date: Date | null; readonly length: number };

/**
 * Sends a request for which twice is the same as once, again and again where that may help: after connection errors,
 * 429, 502, 503, 504 and a database that is away. Throws what `sendOnce` throws.
 */
export async function send(connection: Connection, request: Request): Promise<Answer> {
  const patience = startPatience(connection);
  for (;;) {
    try {
      return await sendOnce(connection, request);
    } catch (error) {
      if (!(error instanceof VkeysError) || !isTransient(error)) throw error;
      await patience(error);
    }
  }
}

/** Whether the same request may succeed a moment later. */
export function isTransient(error: VkeysError): boolean {
  if (error.kind === 'network') return error.details['permanent'] !== true;
  const { code } = error.details;
  return error.kind === 'timeout' || code === 'busy' || code === 'database_away';
}

/**
 * Sends a request once. Throws `VkeysError`: `network`, `timeout`, `protocol`, `auth`, `api`. Its `details` have `status`
 * and `code` (see `ProblemCode`), or `sent: false` when the request cannot have reached the server, and `wait`, the
 * milliseconds that the server asked to wait.
 */
export async function sendOnce(connection: Connection, request: Request): Promise<Answer> {
  const sent = connection.now().getTime();
  const milliseconds = (): number => connection.now().getTime() - sent;
  try {
    const answer = await exchange(connection, request, (status) => {
      connection.trace({ method: request.method, path: request.path, status, milliseconds: milliseconds() });
    });
    connection.pace.answered(request.path, milliseconds());
    return answer;
  } catch (error) {
    if (error instanceof VkeysError && isTransient(error)) connection.pace.overloaded(sent, waitAskedFor(error));
    throw error;
  }
}

async function exchange(
  connection: Connection,
  request: Request,
  trace: (status: Trace['status']) => void,
): Promise<Answer> {
  let reply: { readonly response: HttpResponse; readonly text: string };
  try {
    reply = await within(connection.timeout, connection.signal, async (signal) => {
      const response = await connection.fetch(addressOf(connection, request), {
        method: request.method,
        headers: headersOf(connection, request),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal,
        redirect: 'manual',
      });
      return { response, text: await response.text() };
    });
  } catch (error) {
    if (connection.signal.aborted) throw connection.signal.reason;
    const explained = isTimeout(error) ? tooLate(connection, error) : error;
    if (explained instanceof VkeysError) trace(explained.kind);
    throw explained;
  }
  const { response, text } = reply;
  trace(response.status);
  if (response.status < 200 || response.status >= 300) throw errorOf(connection, request, response, text);
  return { body: parse(text, connection, request), date: dateOf(response), length: text.length };
}

/** A timeout arrives bare; transports explain everything else. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function tooLate({ url, timeout }: Connection, cause: unknown): VkeysError {
  return new VkeysError(
    'timeout',
    `${url} did not answer within ${String(timeout / 1000)} s.`,
    'Raise --timeout, or look at the server with `vkeys doctor`.',
    { cause, details: { sent: true } },
  );
}

function addressOf(connection: Connection, request: Request): string {
  const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query).toString()}`;
  return `${connection.url}${request.path}${query}`;
}

function headersOf(connection: Connection, request: Request): Record<string, string> {
  const { secret, keyHeader } = connection;
  const isBearer = keyHeader.toLowerCase() === 'authorization';
  return {
    accept: 'application/json',
    'litellm-changed-by': 'vkeys',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...connection.headers,
    ...(secret === null ? {} : { [keyHeader]: isBearer ? `Bearer ${secret.reveal()}` : secret.reveal() }),
  };
}

function parse(text: string, connection: Connection, request: Request): Json {
  const body = parseJson(text);
  if (body !== undefined) return body;
  throw new VkeysError(
    'protocol',
    `${connection.url} answered ${request.method} ${request.path} with something that is not JSON.`,
    'Is this the address of a LiteLLM proxy, without a login page in front of it? `vkeys doctor` tells more.',
    { details: { sent: true } },
  );
}

/** A year that RFC 3339 cannot write is no clock. */
function dateOf(response: HttpResponse): Date | null {
  const date = new Date(response.headers.get('date') ?? '');
  return date.getTime() >= 0 && date.getUTCFullYear() <= 9999 ? date : null;
}

function errorOf(connection: Connection, request: Request, response: HttpResponse, text: string): VkeysError {
  const { status } = response;
  if (status >= 300 && status < 400) {
    return new VkeysError(
      'protocol',
      `${connection.url} redirects ${request.path} elsewhere (${String(status)}), which vkeys does not follow with a credential.`,
      'Give --url the address that it redirects to: mind https and the path.',
      { details: { status } },
    );
  }
  const problem = readProblem(status, text, connection.secret === null ? [] : [connection.secret]);
  const details = {
    status,
    code: problem.code,
    type: problem.type,
    path: request.path,
    wait: readRetryAfter(response.headers.get('retry-after'), connection.now()),
  };
  const aboutUs = problem.code === 'credential' || problem.code === 'forbidden';
  const words = aboutUs ? connection.refused(problem) : explainProblem(problem, connection.url);
  return new VkeysError(words.kind, words.message, words.hint, { details: { ...words.details, ...details } });
}
