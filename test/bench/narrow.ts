/** A server that takes few changes at once: it refuses what is beyond, as LiteLLM or what stands before it would. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { parseJson } from '../../src/base/json.ts';

/** `status` and `message` of the refusals. */
export type Narrow = { readonly atOnce: number; readonly status: number; readonly message: string };

/** Stands before `upstream` on a free port of 127.0.0.1 while `work` goes on. */
export async function beside<T>(upstream: string, narrow: Narrow, work: (url: string) => Promise<T>): Promise<T> {
  let inside = 0;
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { method = 'GET', url = '/', headers } = incoming;
      const body = await buffer(incoming);
      const isChange = method === 'POST' && url === '/key/generate';
      if (isChange && inside >= narrow.atOnce) {
        const error = { message: narrow.message, type: 'auth_error', param: 'None', code: String(narrow.status) };
        outgoing.writeHead(narrow.status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
        return;
      }
      if (isChange) inside += 1;
      const answer = await fetch(`${upstream}${url}`, {
        method,
        headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
        ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      });
      const text = await answer.text();
      if (isChange) inside -= 1;
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' });
      outgoing.end(parseJson(text) === undefined ? '' : text);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    return await work(`http://127.0.0.1:${String(address.port)}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
