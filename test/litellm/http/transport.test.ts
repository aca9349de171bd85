import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import net, { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { VkeysError } from '../../../src/base/errors.ts';
import type { HttpInit, HttpResponse } from '../../../src/litellm/http/fetch.ts';
import { createTransport, type Transport, type TransportOptions } from '../../../src/litellm/http/transport.ts';

const open: (Server | Transport)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ('fetch' in one) await one.close();
    else one.close();
  }
});

async function listen(server: Server | HttpServer): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const http = async (handler: Handler): Promise<string> =>
  `http://127.0.0.1:${String(await listen(createServer(handler)))}`;
const tcp = async (handler: (socket: Socket) => void): Promise<string> =>
  `http://127.0.0.1:${String(await listen(createTcpServer(handler)))}`;
const https = async (certificate: string, wantsOne = false): Promise<string> => {
  const trust = wantsOne ? { ca: pem('ca.pem'), requestCert: true } : {};
  const server = createTlsServer({ cert: pem(certificate), key: pem('server.key'), ...trust }, (_, response) => {
    response.end('secure');
  });
  return `https://localhost:${String(await listen(server))}`;
};

const path = (name: string): string => fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string): string => readFileSync(path(name), 'utf8');

async function transport(options: Partial<TransportOptions> = {}): Promise<Transport> {
  const made = await createTransport({ insecure: false, connections: 2, env: {}, ...options });
  open.push(made);
  return made;
}

async function get(
  url: string,
  options: Partial<TransportOptions> = {},
  init: Partial<HttpInit> = {},
): Promise<HttpResponse> {
  const { fetch } = await transport(options);
  const signal = new AbortController().signal;
  return fetch(url, { method: 'GET', headers: {}, signal, redirect: 'manual', ...init });
}

async function failure(
  url: string,
  options: Partial<TransportOptions> = {},
  init: Partial<HttpInit> = {},
): Promise<VkeysError> {
  const error: unknown = await get(url, options, init).catch((thrown: unknown) => thrown);
  if (error instanceof VkeysError) return error;
  throw new Error('Not a VkeysError', { cause: error });
}

describe('a request', () => {
  it('carries method, path, query, headers and body, and brings status, headers and text', async () => {
    const url = await http((request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => {
        response.writeHead(303, { 'set-cookie': ['a=1', 'b=2'], 'x-seen': String(request.headers['x-say']) });
        response.end(`${String(request.method)} ${String(request.url)} ${body}`);
      });
    });
    const answer = await get(`${url}/key/x?a=1`, {}, { method: 'POST', headers: { 'x-say': 'hello' }, body: 'grüße' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('X-Seen')).toBe('hello');
    expect(answer.headers.get('set-cookie')).toBe('a=1, b=2');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('x-other')).toBeNull();
    expect(await answer.text()).toBe('POST /key/x?a=1 grüße');
  });

  it('does not follow a redirect', async () => {
    const paths: string[] = [];
    const url = await http((request, response) => {
      paths.push(String(request.url));
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const answer = await get(`${url}/here`);
    expect(answer.status).toBe(307);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(paths).toEqual(['/here']);
  });

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>();
    const url = await http((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    const { fetch } = await transport({ connections: 1 });
    const init: HttpInit = { method: 'GET', headers: {}, signal: new AbortController().signal, redirect: 'manual' };
    for (let turn = 0; turn < 3; turn += 1) await fetch(url, init);
    expect(ports.size).toBe(1);
  });
});

describe('a request without an answer', () => {
  it('says when nothing listens there', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    server.close();
    const error = await failure(`http://127.0.0.1:${String(port)}`);
    expect(error).toMatchObject({ kind: 'network', facts: { code: 'ECONNREFUSED' }, reach: 'unsent' });
    expect(error.message).toContain(`http://127.0.0.1:${String(port)} refuses connections`);
    expect(await failure(`http://localhost:${String(port)}`)).toMatchObject({ facts: { code: 'ECONNREFUSED' } });
  });

  it('says when the name is unknown', async () => {
    const error = await failure('http://nowhere.invalid:4000');
    expect(error).toMatchObject({ kind: 'network', reach: 'unsent' });
    expect(error.message).toMatch(/^http:\/\/nowhere\.invalid:4000 has a host name that/);
  });

  it('says when the connection is cut before the answer', async () => {
    const error = await failure(await tcp((socket) => socket.once('data', () => socket.destroy())));
    expect(error).toMatchObject({ kind: 'network', reach: 'unknown' });
    expect(error.message).toContain('cut the connection');
    const reset = await failure(await tcp((socket) => socket.once('data', () => socket.resetAndDestroy())));
    expect(reset).toMatchObject({ kind: 'network', facts: { code: 'ECONNRESET' }, reach: 'unknown' });
  });

  it('says when the connection is cut within the answer', async () => {
    const url = await tcp((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"key":'));
    });
    expect(await failure(url)).toMatchObject({ kind: 'network', reach: 'unknown' });
  });

  it('says when something else than HTTP answers', async () => {
    const url = await tcp((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));
    const error = await failure(url);
    expect(error).toMatchObject({ kind: 'protocol', reach: 'unknown' });
    expect(error.message).toContain('does not speak HTTP');
  });

  it('refuses headers without end', async () => {
    const url = await tcp((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', () => socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`));
    });
    expect(await failure(url)).toMatchObject({ kind: 'protocol', transient: false });
  });

  it('refuses an answer without end', async () => {
    const block = 'x'.repeat(1024 * 1024);
    const url = await http((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    });
    expect(await failure(url)).toMatchObject({ kind: 'protocol', message: expect.stringContaining('more than 8 MB') });
  });
});

describe('an aborted request', () => {
  it('is a timeout when the time is over, before the answer and within it', async () => {
    const silent = await http(() => undefined);
    const halfway = await http((_, response) => response.write('{'));
    for (const url of [silent, halfway]) {
      const error = await failure(url, {}, { signal: AbortSignal.timeout(50) });
      expect(error).toMatchObject({ kind: 'timeout', reach: 'unknown' });
      expect(error.hint).toContain('--timeout');
    }
  });

  it("throws the caller's own reason, before the answer, within it and before the request", async () => {
    const reason = new Error('Ctrl-C');
    for (const begin of [() => undefined, (response: ServerResponse) => response.write('{')]) {
      const stop = new AbortController();
      const url = await http((_, response) => {
        begin(response);
        setImmediate(() => stop.abort(reason));
      });
      await expect(get(url, {}, { signal: stop.signal })).rejects.toBe(reason);
    }
    await expect(get('http://127.0.0.1:9', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('is ended by close', async () => {
    const way = await transport();
    const url = await http(() => void way.close());
    const init: HttpInit = { method: 'GET', headers: {}, signal: new AbortController().signal, redirect: 'manual' };
    await expect(way.fetch(url, init)).rejects.toMatchObject({ kind: 'network', reach: 'unknown' });
  });
});

describe('a name with several addresses', () => {
  it('gives each of them seconds, as far ones take them', async () => {
    const connecting = vi.spyOn(net, 'connect');
    onTestFinished(() => connecting.mockRestore());
    await get(await http((_, response) => response.end()));
    const [options] = connecting.mock.calls.at(-1) ?? [];
    expect(options).toMatchObject({ autoSelectFamily: true });
    const each = Number(Reflect.get(Object(options), 'autoSelectFamilyAttemptTimeout'));
    expect([each >= 2000, each <= 5000]).toEqual([true, true]);
  });
});

describe('TLS', () => {
  it('trusts the authority of --ca-file', async () => {
    const answer = await get(await https('server.pem'), { caFile: path('ca.pem') });
    expect(await answer.text()).toBe('secure');
  });

  it('trusts those of NODE_EXTRA_CA_CERTS too, beside --ca-file', async () => {
    const env = { NODE_EXTRA_CA_CERTS: path('ca.pem') };
    const other = { caFile: path('self-signed.pem'), env };
    expect((await get(await https('server.pem'), other)).status).toBe(200);
    expect((await get(await https('self-signed.pem'), other)).status).toBe(200);
    const missing = { caFile: path('ca.pem'), env: { NODE_EXTRA_CA_CERTS: path('missing.pem') } };
    expect((await get(await https('server.pem'), missing)).status).toBe(200);
  });

  it('trusts anybody with --insecure', async () => {
    expect((await get(await https('expired.pem'), { insecure: true })).status).toBe(200);
  });

  it.each([
    ['server.pem', undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'authority that is not trusted', '--ca-file'],
    ['self-signed.pem', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed', '--ca-file'],
    ['expired.pem', 'ca.pem', 'CERT_HAS_EXPIRED', 'expired', 'renewed'],
    ['elsewhere.pem', 'ca.pem', 'ERR_TLS_CERT_ALTNAME_INVALID', 'elsewhere.example.com', '--url'],
  ])('refuses %s with %s: %s', async (certificate, ca, code, words, hint) => {
    const url = await https(certificate);
    const error = await failure(url, ca === undefined ? {} : { caFile: path(ca) });
    expect(error).toMatchObject({ kind: 'network', facts: { code }, reach: 'unsent', transient: false });
    expect(error.message).toContain(words);
    expect(error.hint).toContain(hint);
  });

  it('notices https where http is spoken', async () => {
    const url = await http((_, response) => response.end());
    const error = await failure(url.replace('http:', 'https:'));
    expect(error).toMatchObject({ reach: 'unsent', transient: false });
    expect(error.hint).toContain('http://');
  });

  it('shows the client certificate that a server wants', async () => {
    const url = await https('server.pem', true);
    const caFile = path('ca.pem');
    const client = { clientCert: path('server.pem'), clientKey: path('server.key') };
    expect((await get(url, { caFile, ...client })).status).toBe(200);
    expect(await failure(url, { caFile })).toMatchObject({ kind: 'network' });
  });

  it.each<[string, Partial<TransportOptions>]>([
    ['cannot be read', { caFile: path('missing.pem') }],
    ['not a PEM file', { caFile: fileURLToPath(import.meta.url) }],
    ['fit together', { clientCert: path('server.pem') }],
    ['without --client-cert', { clientKey: path('server.key') }],
  ])('refuses files that are of no use: %s', async (words, options) => {
    expect(await failure('https://localhost', options)).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(words),
    });
  });
});

/** Tunnels to that port of this machine, whatever the name, and counts. */
async function proxy(status = 200): Promise<{ readonly url: string; readonly targets: readonly string[] }> {
  const targets: string[] = [];
  const server = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
    targets.push(String(request.url));
    if (status !== 200) return void socket.end(`HTTP/1.1 ${String(status)} No\r\n\r\n`);
    const target = connect(Number(String(request.url).split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  return { url: `http://127.0.0.1:${String(await listen(server))}`, targets };
}

/** An address that only a proxy knows. */
const elsewhere = (url: string): string => url.replace(/127\.0\.0\.1|localhost/, 'elsewhere.example.com');

describe('a proxy from the environment', () => {
  it('is used for http and https, with the same certificates', async () => {
    const { url, targets } = await proxy();
    const plain = elsewhere(await http((_, response) => response.end('plain')));
    const secure = elsewhere(await https('elsewhere.pem'));
    const options = { caFile: path('ca.pem'), env: { HTTP_PROXY: url, https_proxy: url } };
    expect(await (await get(plain, options)).text()).toBe('plain');
    expect(await (await get(secure, options)).text()).toBe('secure');
    expect(targets).toEqual([new URL(plain).host, new URL(secure).host]);
    const error = await failure(secure, { env: options.env });
    expect(error).toMatchObject({ facts: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, reach: 'unsent' });
    expect(error.message).toContain(`through the proxy ${url} of https_proxy`);
  });

  it('is left out for this machine, and for NO_PROXY', async () => {
    const { url, targets } = await proxy();
    const plain = await http((_, response) => response.end('plain'));
    await get(plain, { env: { HTTP_PROXY: url } });
    const env = { HTTP_PROXY: url, NO_PROXY: 'example.com' };
    expect((await failure(elsewhere(plain), { env })).message).toContain('host name that');
    expect(targets).toEqual([]);
  });

  it.each([
    [407, '(Proxy response (407)'],
    [403, '(Proxy response (403)'],
  ])('is named when it answers %i, without its password', async (status, words) => {
    const { url } = await proxy(status);
    const env = { HTTP_PROXY: url.replace('//', '//me:hunter2@') };
    const error = await failure('http://litellm.example.com', { env });
    expect(error).toMatchObject({ kind: 'network', reach: 'unsent', facts: { proxy: 'HTTP_PROXY' } });
    expect(error.message).toContain(`http://litellm.example.com was not reached: the proxy ${url} of HTTP_PROXY`);
    expect(error.message).toContain(words);
    expect(error.hint).toContain('HTTP_PROXY');
    expect(error.message + error.hint).not.toContain('hunter2');
  });

  it('is named when it cannot be reached', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    server.close();
    const env = { HTTP_PROXY: `http://127.0.0.1:${String(port)}` };
    const error = await failure('http://litellm.example.com', { env });
    expect(error.message).toContain(`the proxy ${env.HTTP_PROXY} of HTTP_PROXY refuses connections`);
    expect(error.hint).not.toContain('--url');
  });

  it('must be an address', async () => {
    const error = await failure('http://litellm.example.com', { env: { HTTP_PROXY: 'proxy port 3128' } });
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('HTTP_PROXY') });
  });
});
