/**
 * LiteLLM explains a refusal in five shapes, and one cause has different statuses in different versions. So a
 * refusal is recognised by its text and `error.type` first, and by its status last.
 */
import { isObject, parseJson, stringifyJson, type Json } from '../../base/json.ts';
import { redact, type Secret } from '../../base/secret.ts';

export type ProblemCode =
  | 'alias_taken'
  | 'custom_keys_disabled'
  | 'licence'
  | 'key_not_found'
  | 'no_keys_found'
  | 'no_database'
  | 'database_away'
  /** The credential is not one of the server's. */
  | 'credential'
  /** Its owner may not do this. */
  | 'forbidden'
  /** A rule of the server, or something that is gone, is against this change; another may pass. */
  | 'denied'
  | 'not_found'
  | 'invalid'
  | 'busy'
  | 'other';

/** A refusal of the server, free of key material. */
export type ServerProblem = {
  readonly status: number;
  readonly code: ProblemCode;
  /** Whether LiteLLM speaks, and not a gateway or something else at this address. */
  readonly isLiteLLM: boolean;
  /** LiteLLM's `error.type`, e.g. `bad_request_error`. */
  readonly type: string | null;
  readonly message: string;
};

/** Characters: nobody reads more of an error, and what comes from a stranger is not searched in full. */
const LONGEST_PAGE = 20_000;
const LONGEST_MESSAGE = 1000;

/**
 * Reads a refusal in any of LiteLLM's shapes: an envelope, FastAPI's `detail`, plain text or a load balancer's HTML.
 * Old versions repeat the credential that was sent, so `secrets` are taken out. `changes`: whether the request was to change something.
 */
export function readProblem(
  status: number,
  body: string,
  { secrets = [], changes = false }: { readonly secrets?: Iterable<Secret>; readonly changes?: boolean } = {},
): ServerProblem {
  const { type, message, isEnvelope } = readBody(body);
  const words = message === '' ? `HTTP ${String(status)}` : message.slice(0, LONGEST_PAGE);
  const clean = withoutMasked(redact(words, secrets).slice(0, 2 * LONGEST_MESSAGE)).slice(0, LONGEST_MESSAGE);
  const isSafe = type === null || redact(type, secrets) === type;
  const known = TEXTS.find(([text]) => text.test(clean))?.[1] ?? null;
  const isLiteLLM = known !== null || (isEnvelope && clean !== 'Not Found');
  const code = known ?? codeOf(status, type, clean, changes);
  return { status, code, isLiteLLM, type: isSafe ? type : null, message: clean };
}

/** LiteLLM repeats keys with some of their letters (`abcd****wxyz`, `sk-...wXyZ`), whatever they begin with. */
function withoutMasked(text: string): string {
  return text
    .replaceAll(/[^\s'"`,;=:(){}[\]]*\*{3,}[^\s'"`,;=:(){}[\]]*/g, '[secret]')
    .replaceAll(/\bsk-\.{3}[\w-]+/g, 'sk-[secret]');
}

type Body = { readonly type: string | null; readonly message: string; readonly isEnvelope: boolean };

function readBody(body: string): Body {
  const json = parseJson(body);
  if (json === undefined) {
    const text = body
      .slice(0, LONGEST_PAGE)
      .replaceAll(/<(style|script)[^<>]*>[^]*?<\/\1>/gi, ' ')
      .replaceAll(/<[^<>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    return { type: null, message: text.trim().slice(0, 300), isEnvelope: false };
  }
  if (!isObject(json)) return { type: null, message: '', isEnvelope: false };
  if (isObject(json['error'])) {
    const { type, message } = json['error'];
    return { type: typeOf(type), message: unwrap(textOf(message)), isEnvelope: true };
  }
  const detail = json['detail'] ?? json['error'] ?? json['message'];
  const text = textOf(isObject(detail) ? (detail['error'] ?? detail['message']) : detail);
  return { type: null, message: unwrap(text), isEnvelope: json['detail'] !== undefined };
}

/** LiteLLM's types are plain words; anything else is a text in disguise. */
function typeOf(type: Json | undefined): string | null {
  return typeof type === 'string' && type !== 'None' && /^\w{1,64}$/.test(type) ? type : null;
}

/** A message's text. Of FastAPI's list of invalid inputs only place and reason: older versions echo the input, which may be a secret. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return value == null ? '' : stringifyJson(value);
  return value
    .filter(isObject)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.slice(1).join('.') : ''}: ${typeof msg === 'string' ? msg : ''}`)
    .join('; ');
}

/** LiteLLM prints a Python dict into some messages: `{'error': 'No keys found'}`. */
function unwrap(message: string): string {
  return /^\{'(?:error|message)': (['"])([^]*)\1\}$/.exec(message)?.[2] ?? message;
}

/* Written once, in the order in which they are tried. The texts are those of 1.65.8 to 1.110.2. */
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
  [/enterprise (user|license|feature)|must have an enterprise|premium feature/i, 'licence'],
  [/No keys found/i, 'no_keys_found'],
  [/user key does not exist in db|Key not found/i, 'key_not_found'],
  /* What a body names or says wrongly is 404 or 500 on some versions, which would be taken for a missing path or a bug. */
  [/(team|organization|project) (doesn't exist in db|not found)/i, 'invalid'],
  [/Unsupported duration unit|Invalid duration format/, 'invalid'],
];

/**
 * Words about who asks. A 403 without them, for a change, is about that change: a `custom_key_generate` of the server, a
 * team's limits, an MCP server that is gone. The credential has listed keys a moment before.
 */
const CALLER =
  /\bJWT\b|authorization header|admin only route|\b(your|the caller'?s?) (role|user_id|api key|token|own team|team id)\b|user_role=|\brole ?=|not (allowed|authorized|permitted) to (access|call|use|delete|update|regenerate|create|block) (this|the) (route|endpoint|key)|only (a )?(proxy|team|org)[_ ]admins?|(must be|is not) a (proxy|team)[_ ]admin|non-admin|No 'user_id' is associated|can only create keys for|tried to call route|permissions? for (this )?(route|endpoint)/i;

/** Passing: the server, or what stands before it, had no time for it. 520 to 524 are Cloudflare's, 529 means overloaded. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** An expired key is 400 before 1.108, and one whose budget is spent 400 or 422. */
function codeOf(status: number, type: string | null, message: string, changes: boolean): ProblemCode {
  if (type === 'no_db_connection') return status === 503 ? 'database_away' : 'no_database';
  if (status === 401 || type === 'expired_key') return 'credential';
  if (type === 'budget_exceeded') return 'forbidden';
  if (status === 403) return changes && !CALLER.test(message) ? 'denied' : 'forbidden';
  if (status === 404) return 'not_found';
  if (BUSY.has(status)) return 'busy';
  return status === 400 || status === 422 ? 'invalid' : 'other';
}
