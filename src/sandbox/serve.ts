import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Sandbox } from './sandbox.ts';

export type RunningSandbox = {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
};

/** Serves the sandbox on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export function serveSandbox(sandbox: Sandbox, port: number): Promise<RunningSandbox> {
  const server = createServer((incoming, outgoing) => {
    void answer(sandbox, incoming, outgoing);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${taken}`,
        port: taken,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function answer(sandbox: Sandbox, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const body = await readText(incoming);
    const { method = 'GET', url: path = '/' } = incoming;
    const response = sandbox.handle({ method, path, headers: flatten(incoming), body });
    outgoing.writeHead(response.status, response.headers).end(response.body);
  } catch {
    outgoing.destroy();
  }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  incoming.setEncoding('utf8');
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text;
}

function flatten({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
