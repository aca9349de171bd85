import { createServer, type IncomingMessage } from 'node:http';
import type { Sandbox } from './sandbox.ts';

export type RunningSandbox = {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
};

/** Serves the sandbox on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export function serveSandbox(sandbox: Sandbox, port: number): Promise<RunningSandbox> {
  const server = createServer((incoming, outgoing) => {
    readText(incoming)
      .then((body) => {
        const { method = 'GET', url: path = '/' } = incoming;
        const response = sandbox.handle({ method, path, headers: flatten(incoming), body });
        outgoing.sendDate = false;
        outgoing.writeHead(response.status, response.headers);
        outgoing.end(response.body);
      })
      .catch(() => outgoing.destroy());
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

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function flatten({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
