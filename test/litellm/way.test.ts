/** Ways to a server that lead nowhere: what the user is told, with which exit code, and after how many attempts. */
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTransport } from '../../src/litellm/http/transport.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';

const path = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string): string => readFileSync(path(name), 'utf8');
const trusting = (name: string): readonly string[] => ['--ca-file', path(name)];

/** Listens on a free port, and counts who comes. */
async function listen(server: Server): Promise<{ readonly port: string; readonly connections: () => number }> {
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' ? String(address?.port) : '', connections: () => connections };
}

const tls = (certificate: string, options: ServerOptions = {}): Server =>
  createTlsServer({ cert: pem(certificate), key: pem('server.key'), ...options }, (_, response) => response.end());
const wanting = (version: 'TLSv1.2' | 'TLSv1.3'): Server =>
  tls('server.pem', { ca: pem('ca.pem'), requestCert: true, minVersion: version, maxVersion: version });

/** Runs `vkeys list` there, over real sockets; waiting between attempts takes no time. */
async function list(url: string, argv: readonly string[]) {
  const home = makeHome();
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  const { code, stdout, stderr } = await home.vkeys(['list', '--debug', ...argv], {
    env: { LITELLM_BASE_URL: url, LITELLM_MASTER_KEY: MASTER_KEY },
    transport: createTransport,
  });
  const said = stderr.split('\n').filter((line) => line !== '');
  return {
    code,
    stdout,
    attempts: said.filter((line) => line.startsWith('GET ')).length,
    error: said.find((line) => line.startsWith('error:')) ?? '',
    next: said.find((line) => line.startsWith('next:')) ?? '',
  };
}

const ONCE = 1;

describe('a server that cannot be trusted, or does not trust us, is told with what to do, and asked once:', () => {
  it.each<[string, Server, readonly string[], RegExp, RegExp]>([
    ['expired', tls('expired.pem'), trusting('ca.pem'), /a certificate that has expired/, /renewed/],
    ['not valid yet', tls('not-yet.pem'), trusting('not-yet.pem'), /not valid yet/, /clock of this machine/],
    ['self-signed', tls('self-signed.pem'), [], /self-signed certificate that is not trusted/, /--ca-file/],
    ['of an unknown authority', tls('server.pem'), [], /authority that is not trusted/, /--ca-file/],
    [
      'for another name',
      tls('elsewhere.pem'),
      trusting('ca.pem'),
      /for another name.*elsewhere\.example\.com/,
      /--url/,
    ],
    ['no TLS but HTTP', createServer(), [], /does not speak TLS \(wrong version number\)/, /http:\/\/ instead/],
    ['no TLS but SSH', createTcpServer((socket) => socket.end('SSH-2.0-x\r\n')), [], /does not speak TLS/, /http:\/\//],
    [
      'an old TLS',
      tls('server.pem', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
      trusting('ca.pem'),
      /speaks only an old TLS/,
      /TLS 1\.2/,
    ],
    ['wanting our certificate', wanting('TLSv1.2'), trusting('ca.pem'), /broke the TLS handshake off/, /--client-cert/],
  ])('%s', async (_, server, argv, error, next) => {
    const { port, connections } = await listen(server);
    const seen = await list(`https://localhost:${port}`, argv);
    expect(seen).toEqual({
      code: 1,
      stdout: '',
      attempts: ONCE,
      error: expect.stringMatching(error),
      next: expect.stringMatching(next),
    });
    expect(connections()).toBe(ONCE);
  });
});

describe('a server that says no more than that it goes away is asked again, and then all that it may mean is told:', () => {
  it.each<[string, Server, string, readonly string[]]>([
    ['it wants our certificate (TLS 1.3)', wanting('TLSv1.3'), 'https', trusting('ca.pem')],
    ['it wants TLS', tls('server.pem'), 'http', []],
    ['it closes the door', createTcpServer((socket) => socket.destroy()), 'https', []],
  ])('%s', async (_, server, scheme, argv) => {
    const { port } = await listen(server);
    const { code, attempts, error, next } = await list(`${scheme}://localhost:${port}`, argv);
    expect([code, error]).toEqual([1, expect.stringContaining('cut the connection')]);
    expect(next).toMatch(/http or https in --url, and --client-cert/);
    expect(attempts).toBeGreaterThan(ONCE);
  });
});

describe('a server without an address', () => {
  it('is told with what to do; asked once when the name is unknown, and again when it could not be looked up', async () => {
    const { code, attempts, error, next } = await list('https://litellm.invalid', []);
    expect([code, error]).toEqual([1, expect.stringContaining('https://litellm.invalid has a host name that')]);
    expect(next).toContain('your VPN');
    expect(attempts > ONCE).toBe(error.includes('cannot be looked up now'));
  });

  it('whose port nobody has is asked again, as it may be starting', async () => {
    const server = createTcpServer();
    const { port } = await listen(server);
    server.close();
    const { code, attempts, error, next } = await list(`http://127.0.0.1:${port}`, []);
    expect([code, error]).toEqual([1, expect.stringContaining('refuses connections')]);
    expect(next).toContain('Is the server running');
    expect(attempts).toBeGreaterThan(ONCE);
  });
});
