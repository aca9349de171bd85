import { isObject, type Json } from '../base/json.ts';
import type { Facts } from './versions.ts';

/** What a handler gives back; text bodies are sent as they are, others as JSON. */
export type Reply = {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Ends the handling of a request with this answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly answer: Reply;

  constructor(answer: Reply) {
    super(String(answer.status));
    this.answer = answer;
  }

  /** The message of the envelope. */
  get reason(): string {
    const { body } = this.answer;
    const error = isObject(body) ? body.error : undefined;
    return isObject(error) && typeof error.message === 'string' ? error.message : this.message;
  }
}

export function ok(body: Json): Reply {
  return { status: 200, body };
}

/** LiteLLM's envelope; `code` repeats the status as text. */
export function refuse(status: number, type: string, message: string, param: string | null = 'None'): Refused {
  return new Refused({ status, body: { error: { message, type, param, code: String(status) } } });
}

export function refuseAuth(message: string): Refused {
  return refuse(401, 'auth_error', message);
}

/** FastAPI's own shape, which some routes let through. */
export function refuseDetail(status: number, detail: Json): Refused {
  return new Refused({ status, body: { detail } });
}

/** A crash inside a handler: plain text on most versions. */
export function crash(facts: Facts): Refused {
  if (facts.crash === 'json') {
    const error = { message: 'Internal server error', type: 'internal_server_error' };
    return new Refused({ status: 500, body: { error } });
  }
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return new Refused({ status: 500, body: 'Internal Server Error', headers });
}

/** A Python dict with one message, as LiteLLM prints it inside `message`. */
export function pythonDict(name: string, text: string): string {
  const escaped = text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
  if (!text.includes("'")) return `{'${name}': '${escaped}'}`;
  return text.includes('"') ? `{'${name}': '${escaped.replaceAll("'", String.raw`\'`)}'}` : `{'${name}': "${escaped}"}`;
}

/** How Python prints a float. */
export function pythonFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  return String(value).replace(/e-(\d)$/, 'e-0$1');
}

/**
 * One of LiteLLM's own exceptions, which the route then turns into its answer: with a status an HTTP exception,
 * without one any other exception of Python.
 */
export class Raised extends Error {
  override readonly name = 'Raised';
  readonly status: number | null;
  readonly detail: Json;

  constructor(status: number | null, message: string, detail: Json = message) {
    super(message);
    this.status = status;
    this.detail = detail;
  }
}

/** An HTTP exception whose detail is `{error: text}`. */
export function raiseWrapped(status: number, text: string): Raised {
  return new Raised(status, pythonDict('error', text), { error: text });
}

/** A route that leaves its exceptions to FastAPI: an HTTP exception shows its detail, any other one is a crash. */
export function plainly<C extends { readonly server: { readonly facts: Facts } }>(
  handle: (call: C) => Reply,
): (call: C) => Reply {
  return (call) => {
    try {
      return handle(call);
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      throw error.status === null ? crash(call.server.facts) : refuseDetail(error.status, error.detail);
    }
  };
}

/** What most management routes make of an exception. */
export function answerRaised(facts: Facts, { status, message }: Raised): Reply {
  const text = status === null ? `${facts.internalPrefix}${message}` : message;
  return refuse(status ?? 500, 'internal_server_error', text, facts.absentParam).answer;
}

/** What `/key/update` makes of one: `auth_error`, and 400 for everything that is no HTTP exception. */
export function answerRaisedByUpdate({ status, message }: Raised): Reply {
  const text = status === null ? `Authentication Error, ${message}` : message;
  return refuse(status ?? 400, 'auth_error', text).answer;
}

/** Types that say no more than how an exception came to its route. */
const PLAIN_TYPES: ReadonlySet<Json | undefined> = new Set(['internal_server_error', 'auth_error']);

/**
 * A refusal as 1.110.2 words it: its type follows from its status, it says nothing of an `Authentication Error` that is
 * none, and its `param` is null where there is none.
 */
export function wordByStatus(answer: Reply): Reply {
  const { status, body } = answer;
  if (status < 400 || !isObject(body) || !isObject(body.error)) return answer;
  const { message, type } = body.error;
  const plain = status !== 401 && PLAIN_TYPES.has(type) && typeof message === 'string';
  const error = {
    ...body.error,
    ...(plain ? { message: message.replace(/^Authentication Error, /, ''), type: typeOf(status) } : {}),
    ...(body.error.param === 'None' ? { param: null } : {}),
  };
  return { ...answer, body: { error } };
}

function typeOf(status: number): string {
  if (status >= 500) return 'internal_server_error';
  return status === 403 ? 'auth_error' : 'invalid_request_error';
}

const LICENCE = 'You must be a LiteLLM Enterprise user to use this feature.';

/** The sentence about the missing licence that ends many messages. */
export function licenceText(facts: Facts): string {
  return (
    `${LICENCE} If you have a license please set \`LITELLM_LICENSE\` in your env. ` +
    `Get a 7 day trial key here: ${facts.licenceTrial}. \nPricing: https://www.litellm.ai/#pricing`
  );
}

export function licenceField(facts: Facts, field: string): string {
  const which = facts.licenceNamesField ? `: ${field}` : '';
  return `This feature is only available for LiteLLM Enterprise users${which}. ${licenceText(facts)}`;
}

/** One line of a 422; newer versions leave out what was sent. */
export type Invalid = {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: Json;
  readonly ctx?: Json;
};

export function refuseInvalid(facts: Facts, problems: readonly Invalid[]): Refused {
  return refuseDetail(
    422,
    problems.map(({ type, loc, msg, input, ctx }) => ({
      type,
      loc,
      msg,
      ...(facts.echoesInput ? { input, ...(ctx === undefined ? {} : { ctx }) } : {}),
    })),
  );
}
