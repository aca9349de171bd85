/** The one file that knows undici, and loads only what it needs of it. */
import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import api from 'undici/lib/api/index.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import { VkeysError } from '../../base/errors.ts';
import type { Fetch } from './fetch.ts';
import { unreachable } from './unreachable.ts';

/** As undici's own index does it; its proxies need `connect`. */
Object.assign(Dispatcher.prototype, api);

/** How to reach a server. Files are PEM. */
export type TransportOptions = {
  /** Authorities to trust besides those that Node brings. */
  readonly caFile?: string;
  readonly clientCert?: string;
  /** Where it is not given, the certificate's file has the key too. */
  readonly clientKey?: string;
  /** Takes any certificate. */
  readonly insecure: boolean;
  /** Connections at the same time. */
  readonly connections: number;
  /** Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are looked for, in small letters first. */
  readonly env: Readonly<Record<string, string | undefined>>;
};
/** `close` ends all connections, also those on which something is under way. */
export type Transport = { readonly fetch: Fetch; close(): Promise<void> };

/** Milliseconds. All other clocks are the signal's. */
const CONNECT_TIMEOUT = 10_000;
/** A page of 100 keys has 200 KB, so more is no answer of LiteLLM's. What is read takes many times that of memory. */
const LONGEST_BODY = 8 * 1024 * 1024;

/**
 * A way out over real sockets, with connections kept alive. Throws `config` for files that cannot be used. Its `fetch` throws the
 * signal's reason after an abort, and otherwise `network`, `timeout`, `protocol` with the `details` of `unreachable`.
 */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const agent = await createAgent(options);
  return {
    fetch: async (url, { method, headers, body, signal }) => {
      const { origin, pathname, search } = new URL(url);
      try {
        const answer = await agent.request({
          origin,
          path: `${pathname}${search}`,
          method,
          headers,
          body: body ?? null,
          signal,
        });
        const text = await readText(answer.body, origin);
        return {
          status: answer.statusCode,
          headers: {
            get: (name) => valuesOf(answer.headers[name.toLowerCase()])?.join(', ') ?? null,
            getSetCookie: () => [...(valuesOf(answer.headers['set-cookie']) ?? [])],
          },
          text: () => Promise.resolve(text),
        };
      } catch (error) {
        throw unreachable(error, origin, signal);
      }
    },
    close: () => agent.destroy(),
  };
}

async function createAgent(options: TransportOptions): Promise<EnvHttpProxyAgent> {
  const secureContext = await createContext(options);
  const tls = {
    timeout: CONNECT_TIMEOUT,
    rejectUnauthorized: !options.insecure,
    ...(secureContext === null ? {} : { secureContext }),
  };
  const variable = (name: string): string => options.env[name.toLowerCase()] ?? options.env[name] ?? '';
  try {
    return new EnvHttpProxyAgent({
      httpProxy: variable('HTTP_PROXY'),
      httpsProxy: variable('HTTPS_PROXY'),
      noProxy: variable('NO_PROXY'),
      connections: options.connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: tls,
      requestTls: tls,
      proxyTls: tls,
    });
  } catch (cause) {
    throw new VkeysError(
      'config',
      'HTTP_PROXY or HTTPS_PROXY is not the address of a proxy.',
      'Give an address like http://proxy.example.com:3128, or unset the variable.',
      { cause },
    );
  }
}

/** Made once, because Node takes milliseconds to read its hundred authorities. `null`: Node's default will do. */
async function createContext(options: TransportOptions): Promise<SecureContext | null> {
  const { caFile, clientCert, clientKey = clientCert } = options;
  if (clientKey !== undefined && clientCert === undefined) {
    throw new VkeysError('config', '--client-key is given without --client-cert.', 'Give both.');
  }
  if (caFile === undefined && clientCert === undefined) return null;
  const ca = caFile === undefined ? null : await readPem('--ca-file', caFile);
  const cert = clientCert === undefined ? null : await readPem('--client-cert', clientCert);
  const key = clientKey === undefined ? null : await readPem('--client-key', clientKey);
  try {
    return createSecureContext({
      ...(ca === null ? {} : { ca: [...rootCertificates, ca] }),
      ...(cert === null || key === null ? {} : { cert, key }),
    });
  } catch (cause) {
    const files = [caFile, clientCert, clientKey].filter((path) => path !== undefined);
    throw new VkeysError(
      'config',
      `${[...new Set(files)].join(', ')}: not certificates and keys that fit together.`,
      'Give PEM files: a certificate, and its private key without a passphrase.',
      { cause },
    );
  }
}

async function readPem(option: string, path: string): Promise<string> {
  const hint = `Give ${option} a PEM file: a text with lines like -----BEGIN CERTIFICATE-----.`;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new VkeysError('config', `${path}: cannot be read (${cause instanceof Error ? cause.message : ''}).`, hint, {
      cause,
    });
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new VkeysError('config', `${path}: not a PEM file.`, hint);
}

async function readText(body: AsyncIterable<Buffer>, origin: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LONGEST_BODY) {
      throw new VkeysError(
        'protocol',
        `${origin} answers with more than 8 MB.`,
        'Is this the address of a LiteLLM proxy? `vkeys doctor` tells more.',
        { details: { sent: true } },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

function valuesOf(value: string | string[] | undefined): readonly string[] | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? [value] : value;
}
