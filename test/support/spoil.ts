/** How an answer goes wrong on its way: what `faults.ts` sends instead of the server's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Fault, Status } from './faults.ts';

/** An answer, all of it. */
export type Whole = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html' };

function whole(status: number, headers: Whole['headers'], text: string): Whole {
  return { status, headers, body: Buffer.from(text) };
}

const page = (title: string): string => `<html><head><style>h1{}</style></head><body><h1>${title}</h1></body></html>`;

/** As LiteLLM (429, 500, 503) and load balancers (502, 504) word them. */
const REFUSALS: Readonly<Record<Status, Whole>> = {
  301: whole(301, { location: '/elsewhere' }, ''),
  302: whole(302, { location: '/elsewhere', ...HTML_TYPE }, page('Sign in')),
  307: whole(307, { location: '/elsewhere' }, ''),
  429: whole(
    429,
    { 'retry-after': '1', ...JSON_TYPE },
    '{"error": {"message": "Too many requests", "type": null, "code": "429"}}',
  ),
  500: whole(
    500,
    JSON_TYPE,
    '{"error": {"message": "Internal Server Error", "type": "internal_server_error", "code": "500"}}',
  ),
  502: whole(502, HTML_TYPE, page('502 Bad Gateway')),
  503: whole(503, JSON_TYPE, '{"detail": "Service Unavailable"}'),
  504: whole(504, HTML_TYPE, page('504 Gateway Time-out')),
};

function refusal(status: Status, retryAfter: string | null | undefined): Whole {
  const { headers, body } = REFUSALS[status];
  const { 'retry-after': _, ...others } = headers;
  if (retryAfter === undefined) return REFUSALS[status];
  return { status, body, headers: retryAfter === null ? others : { ...others, 'retry-after': retryAfter } };
}

/** What a request is sent on to: a server at an address, or a sandbox in this process. */
export type Upstream = string | Pick<Sandbox, 'handle'>;

/** Sends a request on. */
export async function ask(
  upstream: Upstream,
  { method = 'GET', url = '/', headers: all }: IncomingMessage,
  body: Buffer,
): Promise<Whole> {
  const kept = Object.entries(all).filter(([name]) => !/^(host|connection|content-length|te)$/.test(name));
  const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
  if (typeof upstream !== 'string') {
    const answered = upstream.handle({ method, path: url, headers, body: body.toString() });
    return whole(answered.status, answered.headers, answered.body);
  }
  const response = await fetch(`${upstream}${url}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
  const passed = [...response.headers].filter(
    ([name]) => !/^(connection|content-length|content-encoding|keep-alive|transfer-encoding)$/.test(name),
  );
  return {
    status: response.status,
    headers: Object.fromEntries(passed),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** Takes a field out of what is sent, and puts it into the answer as if it had been stored. */
export async function lie(
  sent: Buffer,
  field: string | undefined,
  forward: (body?: Buffer) => Promise<Whole>,
): Promise<Whole> {
  const asked = objectIn(sent);
  if (asked === null || field === undefined || asked[field] === undefined) return forward();
  const { [field]: untold, ...others } = asked;
  const answered = await forward(Buffer.from(JSON.stringify(others)));
  const body = objectIn(answered.body);
  if (answered.status !== 200 || body === null) return answered;
  return { ...answered, body: Buffer.from(JSON.stringify({ ...body, [field]: untold })) };
}

function objectIn(text: Buffer): JsonObject | null {
  const value = parseJson(text.toString());
  return isObject(value) ? value : null;
}

export function answer(outgoing: ServerResponse, { status, headers, body }: Whole): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

function short(list: Whole): Whole {
  const body = objectIn(list.body);
  const rows = body?.['keys'];
  if (body === null || !Array.isArray(rows) || rows.length === 0) return list;
  const others = { ...body, keys: rows.slice(1), total_count: Number(body['total_count']) - 1 };
  return { ...list, body: Buffer.from(JSON.stringify(others)) };
}

/** Answers as the fault wants it; `done` is the server's own answer, if it was asked. */
export async function spoil(outgoing: ServerResponse, fault: Fault, sent: Buffer, done: Whole | null): Promise<void> {
  switch (fault.answer) {
    case 'reset':
    case 'shut':
    case 'down':
      outgoing.destroy();
      return;
    case 'half': {
      const { status, headers, body } = done ?? REFUSALS[503];
      outgoing.writeHead(status, { ...headers, 'content-length': body.length });
      /* A connection that another fault has cut takes nothing, and says nothing of it. */
      if (outgoing.destroyed || outgoing.socket === null) return;
      await new Promise((written) => {
        outgoing.once('close', written).write(body.subarray(0, body.length / 2), written);
      });
      await fault.strike?.();
      outgoing.destroy();
      return;
    }
    case 'silence':
      return;
    case 'empty':
      answer(outgoing, whole(200, {}, ''));
      return;
    case 'page':
      answer(outgoing, whole(200, HTML_TYPE, page('Please sign in')));
      return;
    case 'echo':
      answer(outgoing, whole(200, JSON_TYPE, sent.toString()));
      return;
    case 'short':
      answer(outgoing, done === null ? REFUSALS[503] : short(done));
      return;
    case 'whole':
    case 'lie':
      answer(outgoing, done ?? REFUSALS[503]);
      return;
    case 301:
    case 302:
    case 307:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      answer(outgoing, refusal(fault.answer, fault.retryAfter));
  }
}
