/** A proxy before a server that spoils chosen requests, as networks, load balancers and dying servers do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What the client gets: a cut connection, half of the answer, nothing at all, a 200 without a body, or a refusal. */
export type Spoiled = 'reset' | 'half' | 'silence' | 'empty' | 429 | 502 | 503;

export type Fault = {
  /** Whether the server does the work: at once, never, or with `catchUp`, long after the client has gone. */
  readonly work: 'done' | 'never' | 'later';
  readonly answer: Spoiled;
  /** Awaited after the work and before the answer; for `half`, in the middle of it. */
  readonly strike?: () => Promise<unknown>;
};

/** `number` counts from 1 since the faults were chosen. */
export type Passing = { readonly number: number; readonly method: string; readonly path: string };

export type FaultyServer = {
  readonly url: string;
  /** Chooses what becomes of requests from here on; `null` lets one pass, after what the function waits for. */
  choose(faultOf: (request: Passing) => Fault | null | Promise<Fault | null>): void;
  /** Does the work that was put off. */
  catchUp(): Promise<void>;
  /** `POST /key/generate`, those since the faults were chosen. */
  requests(): readonly string[];
  close(): Promise<void>;
};

type Whole = { readonly status: number; readonly headers: Record<string, string>; readonly body: Buffer };

const REFUSALS: Readonly<Record<429 | 502 | 503, Whole>> = {
  429: refusal(429, { 'retry-after': '1' }, '{"error": {"message": "Too many requests", "type": null, "code": "429"}}'),
  502: refusal(502, { 'content-type': 'text/html' }, '<html><body><h1>502 Bad Gateway</h1></body></html>'),
  503: refusal(503, {}, '{"detail": "Service Unavailable"}'),
};

function refusal(status: number, headers: Record<string, string>, text: string): Whole {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(text) };
}

/** Stands before `upstream` on a free port of 127.0.0.1, and lets everything pass at first. */
export async function serveFaults(upstream: string): Promise<FaultyServer> {
  let faultOf: Parameters<FaultyServer['choose']>[0] = () => null;
  let seen: string[] = [];
  let later: (() => Promise<unknown>)[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const sent = await buffer(incoming);
    const { method = 'GET', url = '/' } = incoming;
    const path = url.replace(/\?.*/s, '');
    const forward = (): Promise<Whole> => ask(`${upstream}${url}`, incoming, sent);
    const fault = await faultOf({ number: seen.push(`${method} ${path}`), method, path });
    if (fault === null) return answer(outgoing, await forward());
    const whole = fault.work === 'done' ? await forward() : null;
    if (fault.work === 'later') later.push(forward);
    if (fault.answer !== 'half') await fault.strike?.();
    return spoil(outgoing, fault, whole);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    choose: (next) => {
      faultOf = next;
      seen = [];
    },
    catchUp: async () => {
      const late = later;
      later = [];
      for (const forward of late) await forward();
    },
    requests: () => seen,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function ask(url: string, { method = 'GET', headers }: IncomingMessage, body: Buffer): Promise<Whole> {
  const kept = Object.entries(headers).filter(([name]) => !/^(host|connection|content-length|te)$/.test(name));
  const response = await fetch(url, {
    method,
    headers: kept.map(([name, value]): [string, string] => [name, String(value)]),
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

function answer(outgoing: ServerResponse, { status, headers, body }: Whole): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

async function spoil(outgoing: ServerResponse, fault: Fault, whole: Whole | null): Promise<void> {
  switch (fault.answer) {
    case 'reset':
      outgoing.destroy();
      return;
    case 'half': {
      const { status, headers, body } = whole ?? REFUSALS[503];
      outgoing.writeHead(status, { ...headers, 'content-length': body.length });
      await new Promise((sent) => outgoing.write(body.subarray(0, body.length / 2), sent));
      await fault.strike?.();
      outgoing.destroy();
      return;
    }
    case 'silence':
      return;
    case 'empty':
      answer(outgoing, { status: 200, headers: {}, body: Buffer.alloc(0) });
      return;
    case 429:
    case 502:
    case 503:
      answer(outgoing, REFUSALS[fault.answer]);
  }
}
