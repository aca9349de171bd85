import { VkeysError } from '../errors.ts';
import { parseJson, type Json } from '../json.ts';
import type { Secret } from '../secret.ts';
import { explainProblem } from './explain.ts';
import type { Fetch, HttpResponse } from './http.ts';
import { readProblem, type Problem } from './problem.ts';
import { ATTEMPTS, retryDelay } from './retry.ts';

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
  readonly trace: (line: Trace) => void;
  /** Words for a 401 or 403, which depend on where the credential came from. */
  readonly refused: (problem: Problem) => VkeysError;
};

export type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Whether doing it twice is the same as doing it once. A create is not: it is settled first, see `create.ts`. */
  readonly repeatable: boolean;
};

/** A successful answer. `date` is the server's clock, where it told it. */
export type Answer = { readonly body: Json; readonly date: Date | null };

/**
 * Sends a request; repeats it, where that is safe, after connection errors, 429, 502, 503 and 504.
 * Throws `VkeysError`: `network`, `timeout`, `protocol`, `auth`, `api`. Its `details` have `status` and `code`
 * (see `ProblemCode`), or `sent: false` when the request cannot have reached the server.
 */
export async function send(connection: Connection, request: Request): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptOnce(connection, request);
    if ('answer' in result) return result.answer;
    const again = request.repeatable || result.error.details['sent'] === false;
    if (!again || !isTransient(result.error) || attempt >= ATTEMPTS) throw result.error;
    await pause(connection, attempt, result.error);
  }
}

/** Waits before the next attempt; throws the error instead when the run is to stop. */
export async function pause(connection: Connection, attempt: number, error: VkeysError): Promise<void> {
  if (connection.stop.aborted) throw error;
  const after = error.details['retry_after'];
  const delay = retryDelay(attempt, typeof after === 'string' ? after : null, connection.now(), connection.random);
  await connection.sleep(delay, connection.stop);
  if (connection.stop.aborted) throw error;
}

/** Whether the same request may succeed a moment later. */
export function isTransient(error: VkeysError): boolean {
  if (error.kind === 'network') return error.details['permanent'] !== true;
  const { code, status } = error.details;
  return error.kind === 'timeout' || code === 'busy' || (code === 'no_database' && status === 503);
}

type Attempt = { readonly answer: Answer } | { readonly error: VkeysError };

async function attemptOnce(connection: Connection, request: Request): Promise<Attempt> {
  const started = connection.now().getTime();
  const trace = (status: number | string): void => {
    const milliseconds = connection.now().getTime() - started;
    connection.trace({ method: request.method, path: request.path, status, milliseconds });
  };
  let response: HttpResponse;
  let text: string;
  try {
    response = await connection.fetch(addressOf(connection, request), {
      method: request.method,
      headers: headersOf(connection, request),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.any([connection.signal, AbortSignal.timeout(connection.timeout)]),
      redirect: 'manual',
    });
    text = await response.text();
  } catch (error) {
    if (connection.signal.aborted) throw connection.signal.reason;
    const known = knownError(error, connection);
    if (known === null) throw error;
    trace(known.kind);
    return { error: known };
  }
  trace(response.status);
  return response.status >= 200 && response.status < 300
    ? { answer: { body: parse(text, connection, request), date: dateOf(response) } }
    : { error: errorOf(connection, request, response, text) };
}

/** A timeout arrives bare, transports map everything else. `null`: a bug, to be thrown on. */
function knownError(error: unknown, connection: Connection): VkeysError | null {
  if (error instanceof VkeysError) return error;
  if (!(error instanceof Error) || error.name !== 'TimeoutError') return null;
  const seconds = String(connection.timeout / 1000);
  return new VkeysError(
    'timeout',
    `${connection.url} did not answer within ${seconds} s.`,
    'Raise --timeout, or look at the server with `vkeys doctor`.',
    {
      cause: error,
      details: { sent: true },
    },
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

function dateOf(response: HttpResponse): Date | null {
  const date = new Date(response.headers.get('date') ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
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
    retry_after: response.headers.get('retry-after'),
  };
  const aboutUs = problem.code === 'credential' || problem.code === 'forbidden';
  const words = aboutUs ? connection.refused(problem) : explainProblem(problem, connection.url);
  return new VkeysError(words.kind, words.message, words.hint, { details: { ...words.details, ...details } });
}
