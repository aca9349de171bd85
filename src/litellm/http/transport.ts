/** The one file that knows undici, and loads only what it needs of it. */
import api from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import { createContext, type CertificateFiles } from './certificates.ts';
import type { Fetch } from './fetch.ts';
import { proxyFor, type Proxy } from './proxy.ts';
import { RequestError } from './request-error.ts';
import { unreachable } from './unreachable.ts';

/** As undici's own index does it; its proxies need `connect`. */
Object.assign(Dispatcher.prototype, api);

/** How to reach a server. */
export type TransportOptions = CertificateFiles & {
  /** Takes any certificate. */
  readonly insecure: boolean;
  /** Connections at the same time. */
  readonly connections: number;
  /** Where proxies (see `proxyFor`) and NODE_EXTRA_CA_CERTS are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
};
/** `close` ends all connections, also those on which something is under way. */
export type Transport = { readonly fetch: Fetch; close(): Promise<void> };

/** Milliseconds, for all addresses of a name and for each but the last. All other clocks are the signal's. */
const CONNECT_TIMEOUT = 10_000;
const ADDRESS_TIMEOUT = 2500;
/** A page of 100 keys has 200 KB, so more is no answer of LiteLLM's. What is read takes many times that of memory. */
const MEGABYTE = 1024 * 1024;
const LONGEST_BODY = 8 * MEGABYTE;

/** What carries requests to an origin, and the proxy that it goes through. */
type Way = { readonly dispatcher: Dispatcher; readonly proxy: Proxy | null };

/**
 * A way out over real sockets, with connections kept alive. Throws `config` for files that cannot be used. Its `fetch` throws the
 * signal's reason after an abort, `config` for a proxy that is none, and otherwise `RequestError`: `network`, `timeout` or `protocol`.
 */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const secureContext = await createContext(options);
  const connect = {
    timeout: CONNECT_TIMEOUT,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT,
    rejectUnauthorized: !options.insecure,
    ...(secureContext === null ? {} : { secureContext }),
  };
  const settings = { connections: options.connections, headersTimeout: 0, bodyTimeout: 0, connect };
  const direct = new Agent(settings);
  const proxied = new Map<string, Promise<Dispatcher>>();
  const wayTo = async (url: URL): Promise<Way> => {
    const proxy = proxyFor(url, options.env);
    if (proxy === null) return { dispatcher: direct, proxy };
    const made = proxied.get(proxy.uri) ?? createProxied(proxy, settings);
    proxied.set(proxy.uri, made);
    return { dispatcher: await made, proxy };
  };
  return {
    fetch: async (address, { method, headers, body, signal, longest = LONGEST_BODY }) => {
      const url = new URL(address);
      const { origin, pathname, search } = url;
      const { dispatcher, proxy } = await wayTo(url);
      try {
        const answer = await dispatcher.request({
          origin,
          path: `${pathname}${search}`,
          method,
          headers,
          body: body ?? null,
          signal,
        });
        const text = await readText(answer.body, origin, longest);
        return {
          status: answer.statusCode,
          headers: {
            get: (name) => valuesOf(answer.headers[name.toLowerCase()])?.join(', ') ?? null,
            getSetCookie: () => [...(valuesOf(answer.headers['set-cookie']) ?? [])],
          },
          text: () => Promise.resolve(text),
        };
      } catch (error) {
        throw unreachable(error, origin, signal, proxy);
      }
    },
    close: async () => {
      await direct.destroy();
      for (const made of proxied.values()) await (await made.catch(() => null))?.destroy();
    },
  };
}

async function createProxied({ uri }: Proxy, settings: Agent.Options): Promise<Dispatcher> {
  const { default: ProxyAgent } = await import('undici/lib/dispatcher/proxy-agent.js');
  const { connect } = settings;
  const tlsOptions = typeof connect === 'object' ? { requestTls: connect, proxyTls: connect } : {};
  return new ProxyAgent({ ...settings, uri, ...tlsOptions });
}

async function readText(body: AsyncIterable<Buffer>, origin: string, longest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longest) {
      throw new RequestError(
        'protocol',
        `${origin} answers with more than ${String(longest / MEGABYTE)} MB.`,
        'Is this the address of a LiteLLM proxy? `vkeys doctor` tells more.',
        { reach: 'unknown', unread: 'too much' },
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
