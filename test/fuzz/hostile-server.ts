/** A real server that is honest – the sandbox – but for one route, on which it answers what it likes. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createTransport } from '../../src/litellm/http/transport.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { makeHome, MASTER_KEY, type Seen } from '../support/run.ts';

/** `number` counts the requests on this route from 1. */
export type Answer = (response: ServerResponse, request: IncomingMessage, number: number) => unknown;

export type HostileServer = {
  readonly url: string;
  /** What was asked for, on all routes, with its headers. */
  readonly requests: readonly IncomingMessage[];
};

/** Gone after the test. */
export async function serveHostile(route: string, answer: Answer): Promise<HostileServer> {
  const honest = sandboxFetch(createSandbox({ now: () => new Date(), masterKey: MASTER_KEY }));
  const requests: IncomingMessage[] = [];
  let number = 0;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    requests.push(request);
    const body = await text(request);
    if (url.replace(/\?.*/, '') === route) {
      number += 1;
      await answer(response, request, number);
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const signal = new AbortController().signal;
    const init = { method, headers, signal, redirect: 'manual' } as const;
    const answered = await honest(`http://litellm.test${url}`, body === '' ? init : { ...init, body });
    response.writeHead(answered.status, { 'content-type': 'application/json' }).end(await answered.text());
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${String(port)}`, requests };
}

/** Runs a command in this process, over real sockets and in real time, with pauses of so many milliseconds at most. */
export async function runAgainst(
  url: string,
  folder: string,
  argv: readonly string[],
  longest = Infinity,
): Promise<Seen> {
  const now = (): Date => new Date();
  return makeHome({ folder, now }).vkeys(argv, {
    env: { LITELLM_BASE_URL: url, LITELLM_MASTER_KEY: MASTER_KEY },
    transport: createTransport,
    now,
    sleep: (milliseconds, signal) =>
      delay(Math.min(milliseconds, longest), undefined, { signal }).catch(() => undefined),
  });
}
