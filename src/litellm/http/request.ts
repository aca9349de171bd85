import type { Clock } from '../../base/clock.ts';
import { VkeysError } from '../../base/errors.ts';
import { secretTexts } from '../../base/hidden.ts';
import { readJson, stringifyJson, type Json, type JsonObject } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { explainProblem } from './problem-text.ts';
import { exchange, paced, type Reply } from './exchange.ts';
import type { Fetch } from './fetch.ts';
import type { Pace } from './pace.ts';
import { readProblem, type ServerProblem } from './problem.ts';
import { RequestError } from './request-error.ts';
import { readRetryAfter, startPatience } from './retry.ts';

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
  readonly clock: Clock;
  readonly random: () => number;
  /** Resolves after so many milliseconds, or as soon as a signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly pace: Pace;
  /** Hears why a request is put off for seconds. */
  readonly waiting: (error: VkeysError) => void;
  readonly trace: (line: Trace) => void;
  /** Words for a 401 or 403, which depend on where the credential came from. */
  readonly refused: (problem: ServerProblem) => VkeysError;
};

export type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Made when it is sent, for the server's clock at that moment. */
  readonly body?: (now: Date) => JsonObject;
  /** For an answer that may be longer than a page of a list: how many bytes, and how many times the timeout it may take. */
  readonly long?: { readonly bytes: number; readonly times: number };
};

/** A successful answer. `sandbox` is the id of a `vkeys sandbox`; `length` is the body's in characters. */
export type Answer = { readonly body: Json; readonly sandbox: string | null; readonly length: number };

/** The header with which a sandbox says which one it is. */
const SANDBOX = 'x-vkeys-sandbox';

/**
 * Sends a request for which twice is the same as once, again and again where that may help: after connection errors,
 * from a server that is busy, and while its database is away. Throws what `sendOnce` throws.
 */
export async function send(connection: Connection, request: Request): Promise<Answer> {
  return again(connection, () => sendOnce(connection, request));
}

/** Does the work again as long as that may help. */
export async function again<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const patience = startPatience(connection);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof VkeysError) || !error.transient || !(await patience(error))) throw error;
    }
  }
}

/** Sends a request once. Throws `RequestError` of the kinds `network`, `timeout`, `protocol`, `auth` and `api`, and the signal's reason. */
export async function sendOnce(connection: Connection, request: Request): Promise<Answer> {
  return replyTo(connection, request, ({ headers, text }) => {
    return { body: parse(text, connection, request), sandbox: headers.get(SANDBOX), length: text.length };
  });
}

/** As `send`, for an answer that is no JSON. */
export async function sendForText(connection: Connection, request: Request): Promise<string> {
  return again(connection, () => replyTo(connection, request, ({ text }) => text));
}

async function replyTo<T>(connection: Connection, request: Request, read: (reply: Reply) => T): Promise<T> {
  return paced(connection, request.path, async () => {
    const { method, path, query, body, long } = request;
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const { clock, now } = connection;
    const sent = now().getTime();
    const looks = new Date(clock.server().getTime() + clock.lag(path));
    const patient = { ...connection, timeout: connection.timeout * (long?.times ?? 1) };
    const answer = await exchange(patient, `${path}${search}`, {
      method,
      ...(long === undefined ? {} : { longest: long.bytes }),
      headers: headersOf(connection, request),
      ...(body === undefined ? {} : { body: stringifyJson(body(looks)) }),
    });
    if (answer.status < 200 || answer.status >= 300) throw errorOf(connection, request, answer);
    /* What refuses may be a load balancer, with a clock of its own. */
    const date = dateOf(answer);
    if (date !== null) clock.heard(date, sent, now().getTime());
    return read(answer);
  });
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
  const read = readJson(text);
  if ('value' in read) return read.value;
  const [what, hint] =
    read.fault === 'not JSON'
      ? [
          'something that is not JSON',
          'Is this the address of a LiteLLM proxy, without a login page in front of it? `vkeys doctor` tells more.',
        ]
      : [
          'JSON that has too many lists in it, or too deep ones',
          "Look for a key that has such a thing in its metadata, in the server's user interface, and take it out.",
        ];
  throw new RequestError(
    'protocol',
    `${connection.url} answered ${request.method} ${request.path} with ${what}.`,
    hint,
    { reach: 'unknown', unread: read.fault === 'not JSON' ? 'not JSON' : 'too much' },
  );
}

/** A year that RFC 3339 cannot write is no clock. */
function dateOf({ headers }: Reply): Date | null {
  const date = new Date(headers.get('date') ?? '');
  return date.getTime() >= 0 && date.getUTCFullYear() <= 9999 ? date : null;
}

function errorOf(connection: Connection, request: Request, { status, headers, text }: Reply): RequestError {
  if (status >= 300 && status < 400) {
    return new RequestError(
      'protocol',
      `${connection.url} redirects ${request.path} elsewhere (${String(status)}), which vkeys does not follow with a credential.`,
      'Give --url the address that it redirects to: mind https and the path.',
      { reach: 'answered', status },
    );
  }
  const secrets = [...(connection.secret === null ? [] : [connection.secret]), ...secretsIn(connection, request)];
  const problem = readProblem(status, text, { secrets, changes: request.method === 'POST' });
  const { code, type } = problem;
  const aboutUs = code === 'credential' || code === 'forbidden';
  const words = aboutUs ? connection.refused(problem) : explainProblem(problem, connection.url, request.path);
  return new RequestError(words.kind, words.message, words.hint, {
    reach: 'answered',
    status,
    code,
    wait: readRetryAfter(headers.get('retry-after'), connection.now()),
    transient: code === 'busy' || code === 'database_away',
    facts: { ...words.facts, type, path: request.path },
  });
}

/** What a refusal that repeats the request must not show. */
function secretsIn({ headers, clock }: Connection, { body }: Request): readonly Secret[] {
  const sent = body === undefined ? {} : body(clock.server());
  return [...secretTexts(headers), ...secretTexts(sent)].map((text) => new Secret(text));
}
