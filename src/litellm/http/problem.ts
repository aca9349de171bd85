/**
 * LiteLLM explains a refusal in five shapes, and one cause has different statuses in different versions. So a
 * refusal is recognised by its text and `error.type` first, and by its status last.
 */
import { isObject, parseJson, type Json } from '../../base/json.ts';
import { redact, type Secret } from '../../base/secret.ts';

export type ProblemCode =
  | 'alias_taken'
  | 'custom_keys_disabled'
  | 'licence'
  | 'key_not_found'
  | 'no_keys_found'
  | 'no_database'
  | 'database_away'
  | 'credential'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'busy'
  | 'other';

/** A refusal of the server, free of key material. */
export type Problem = {
  readonly status: number;
  readonly code: ProblemCode;
  /** LiteLLM's `error.type`, e.g. `bad_request_error`. */
  readonly type: string | null;
  readonly message: string;
};

/** Characters: nobody reads more of an error, and what comes from a stranger is not searched in full. */
const LONGEST_PAGE = 20_000;
const LONGEST_MESSAGE = 1000;

/**
 * Reads a refusal in any of LiteLLM's shapes: an envelope, FastAPI's `detail`, plain text or a load balancer's HTML.
 * Old versions repeat the credential that was sent, so `secrets` are taken out.
 */
export function readProblem(status: number, body: string, secrets: Iterable<Secret> = []): Problem {
  const { type, message } = readBody(body);
  const words = message === '' ? `HTTP ${String(status)}` : message.slice(0, LONGEST_PAGE);
  const clean = redact(words, secrets).slice(0, LONGEST_MESSAGE);
  const isSafe = type === null || redact(type, secrets) === type;
  return { status, code: codeOf(status, type, clean), type: isSafe ? type : null, message: clean };
}

function readBody(body: string): { readonly type: string | null; readonly message: string } {
  const json = parseJson(body);
  if (json === undefined) {
    const text = body
      .slice(0, LONGEST_PAGE)
      .replaceAll(/<(style|script)[^<>]*>[^]*?<\/\1>/gi, ' ')
      .replaceAll(/<[^<>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    return { type: null, message: text.trim().slice(0, 300) };
  }
  if (!isObject(json)) return { type: null, message: '' };
  if (isObject(json['error'])) {
    const { type, message } = json['error'];
    return { type: typeOf(type), message: unwrap(textOf(message)) };
  }
  const detail = json['detail'] ?? json['error'] ?? json['message'];
  return { type: null, message: unwrap(textOf(isObject(detail) ? (detail['error'] ?? detail['message']) : detail)) };
}

/** LiteLLM's types are plain words; anything else is a text in disguise. */
function typeOf(type: Json | undefined): string | null {
  return typeof type === 'string' && type !== 'None' && /^\w{1,64}$/.test(type) ? type : null;
}

/** A message's text. Of FastAPI's list of invalid inputs only place and reason: older versions echo the input, which may be a secret. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return value == null ? '' : JSON.stringify(value);
  return value
    .filter(isObject)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.slice(1).join('.') : ''}: ${typeof msg === 'string' ? msg : ''}`)
    .join('; ');
}

/** LiteLLM prints a Python dict into some messages: `{'error': 'No keys found'}`. */
function unwrap(message: string): string {
  return /^\{'(?:error|message)': (['"])([^]*)\1\}$/.exec(message)?.[2] ?? message;
}

/* Written once, in the order in which they are tried. The texts are those of 1.65.8 to 1.108.7. */
const TEXTS: readonly (readonly [RegExp, ProblemCode])[] = [
  [/already exists. Unique key aliases/i, 'alias_taken'],
  [/Custom API key values are disabled/i, 'custom_keys_disabled'],
  [/(DB|database) not connected|not connected to DB|No db connected|Connect Proxy to database/i, 'no_database'],
  /* Away for a moment, or too few connections to it: LiteLLM then says 400, 401, 500 or 503, and that the credential is at fault. */
  [/All connection attempts failed|database is temporarily unreachable|Can't reach database/i, 'database_away'],
  [
    /new connection from the connection pool|not connected to the query engine|Server disconnected without/i,
    'database_away',
  ],
  [/enterprise (user|license|feature)|must have an enterprise/i, 'licence'],
  [/No keys found/i, 'no_keys_found'],
  [/user key does not exist in db|Key not found/i, 'key_not_found'],
  /* What a body names or says wrongly is 404 or 500 on some versions, which would be taken for a missing path or a bug. */
  [/(team|organization|project) (doesn't exist in db|not found)/i, 'invalid'],
  [/Unsupported duration unit|Invalid duration format/, 'invalid'],
];

function codeOf(status: number, type: string | null, message: string): ProblemCode {
  for (const [text, code] of TEXTS) if (text.test(message)) return code;
  if (type === 'no_db_connection') return status === 503 ? 'database_away' : 'no_database';
  if (status === 401) return 'credential';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'busy';
  return status === 400 || status === 422 ? 'invalid' : 'other';
}
