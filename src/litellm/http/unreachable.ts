/**
 * What ends a request without an answer, told as what the user can do about it. undici and Node hide the reason
 * somewhere in the chain of causes, so the first cause with a code that is known here counts.
 */
import { VkeysError, type ErrorKind } from '../../base/errors.ts';
import { redact } from '../../base/secret.ts';
import type { Proxy } from './proxy.ts';
import { RequestError } from './request-error.ts';

type Fault = {
  readonly kind?: ErrorKind;
  /** Follows the server's address. */
  readonly text: string;
  readonly hint: string;
  /** It happened before the request was sent, so the server has not heard of it. */
  readonly early?: true;
  /** The same request will not succeed a moment later. */
  readonly permanent?: true;
};

const TLS = { early: true, permanent: true } as const;
const TRUST =
  'If your own authority signed it, give that certificate with --ca-file; --insecure would not check it at all.';

const SILENT: Fault = {
  kind: 'timeout',
  text: 'does not take up connections',
  hint: 'Check the port in --url, your VPN and firewall.',
  early: true,
};

const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [
    /^ECONNREFUSED$/,
    { text: 'refuses connections', hint: 'Is the server running, and is this its port? See --url.', early: true },
  ],
  [
    /^ENOTFOUND$/,
    { text: 'has a host name that nobody knows', hint: 'Check the spelling in --url, and your VPN.', ...TLS },
  ],
  [/^EAI_/, { text: 'has a host name that cannot be looked up now', hint: 'Check your network and VPN.', early: true }],
  [
    /^(EHOST|ENET)(UNREACH|DOWN)$/,
    { text: 'cannot be reached from here', hint: 'Check your network, VPN and firewall.', early: true },
  ],
  [/^UND_ERR_CONNECT_TIMEOUT$/, SILENT],
  [/^(ETIMEDOUT|UND_ERR_(HEADERS|BODY)_TIMEOUT)$/, { kind: 'timeout', text: 'stopped answering', hint: 'Try again.' }],
  [
    /^CERT_HAS_EXPIRED$/,
    {
      text: 'has a certificate that has expired',
      hint: 'Have it renewed; see also the clock of this machine.',
      ...TLS,
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    { text: 'has a certificate that is not valid yet', hint: 'Check the clock of this machine.', ...TLS },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      text: 'has a certificate for another name',
      hint: 'Give --url one of the names that the certificate is for.',
      ...TLS,
    },
  ],
  [/SELF_SIGNED_CERT/, { text: 'has a self-signed certificate that is not trusted', hint: TRUST, ...TLS }],
  [
    /^(UNABLE_TO_|CERT_|INVALID_CA|PATH_LENGTH)/,
    { text: 'has a certificate of an authority that is not trusted', hint: TRUST, ...TLS },
  ],
  [
    /^ERR_SSL_.*ALERT_CERTIFICATE_REQUIRED$/,
    { text: 'wants a certificate from you', hint: 'Give it with --client-cert and --client-key.', ...TLS },
  ],
  [
    /^ERR_SSL_(.*ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL)$/,
    { text: 'speaks only an old TLS that is not safe', hint: 'Have it offer TLS 1.2 or newer.', ...TLS },
  ],
  [
    /^ERR_SSL_.*ALERT/,
    { text: 'broke the TLS handshake off', hint: 'Does it accept your --client-cert, if you gave one?', ...TLS },
  ],
  [
    /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG))$/,
    { text: 'does not speak TLS', hint: 'Is it http:// instead of https:// in --url?', ...TLS },
  ],
  [
    /^(HPE_|HTTPParserError)/,
    { kind: 'protocol', text: 'does not speak HTTP', hint: 'Check the port in --url; is it https:// there?' },
  ],
  [
    /^UND_ERR_HEADERS_OVERFLOW$/,
    {
      kind: 'protocol',
      text: 'answers with headers without end',
      hint: 'Is this the address of a LiteLLM proxy?',
      permanent: true,
    },
  ],
  [/^UND_ERR_PRX_TLS$/, { text: 'has a certificate that is not trusted', hint: TRUST, ...TLS }],
];
/* A server that wants a certificate, or TLS, is often no clearer than this. */
const CUT: Fault = {
  text: 'cut the connection',
  hint: 'Run the same command again: it goes on where it stopped. If it is always so: mind http or https in --url, and --client-cert.',
};

/**
 * The error to throw in place of `error`. A caller's abort stays the caller's reason, and what no network does
 * stays as it is: a bug. For programs it tells Node's or undici's own `code`. `proxy`: the one that the request went through.
 */
export function unreachable(error: unknown, origin: string, signal: AbortSignal, proxy: Proxy | null = null): unknown {
  if (signal.aborted) return isTimeout(signal.reason) ? timedOut(signal.reason, origin) : signal.reason;
  if (error instanceof VkeysError) return error;
  const causes = causesOf(error);
  const refused = causes.find(({ message }) => /^Proxy (response|Authentication)/.test(message));
  if (proxy !== null && refused !== undefined) return told(refused, REFUSED, origin, proxy);
  for (const cause of causes) {
    const fault = isSilence(cause) ? SILENT : FAULTS.find(([code]) => code.test(cause.code))?.[1];
    if (fault !== undefined) return told(cause, fault, origin, proxy);
  }
  const cut = causes.find(({ code }) =>
    /^(E[A-Z]+|UND_ERR_(SOCKET|ABORTED|RES_.*|DESTROYED|CLOSED)|ERR_SSL_.*)$/.test(code),
  );
  return cut === undefined ? error : told(cut, CUT, origin, proxy);
}

const REFUSED: Fault = { text: 'did not let the request pass', hint: '', ...TLS };

type Cause = { readonly code: string; readonly syscall: string; readonly message: string; readonly error: Error };

function isSilence({ code, syscall }: Cause): boolean {
  return code === 'ETIMEDOUT' && syscall === 'connect';
}

/**
 * The error and its causes, outermost first. Where several addresses were tried, what became of each stands for the
 * whole, and an address of a network that this machine does not have (IPv6, mostly) tells least.
 */
function causesOf(error: unknown): readonly Cause[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.flatMap(causesOf).toSorted((a, b) => Number(isNoNetwork(a)) - Number(isNoNetwork(b)));
  }
  const text = (name: 'code' | 'syscall'): string => {
    const value: unknown = name in error ? Reflect.get(error, name) : null;
    return typeof value === 'string' ? value : '';
  };
  const code = text('code');
  const own = { code: code === '' ? error.name : code, syscall: text('syscall'), message: error.message, error };
  return [own, ...causesOf(error.cause)];
}

function isNoNetwork({ code }: Cause): boolean {
  return /^(EHOST|ENET)(UNREACH|DOWN)$|^EADDRNOTAVAIL$/.test(code);
}

function told(cause: Cause, fault: Fault, origin: string, proxy: Proxy | null): RequestError {
  const { code, syscall, message, error } = cause;
  /* Of what OpenSSL says, the reason stands between addresses and places in its source. */
  const words = /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
  const detail = redact(words).replaceAll(/\s+/g, ' ').replace(/\.$/, '').slice(0, 300);
  const because = detail === '' ? '' : ` (${detail})`;
  const { text, hint } =
    proxy === null ? { text: `${origin} ${fault.text}`, hint: fault.hint } : byProxy(cause, fault, origin, proxy);
  return new RequestError(fault.kind ?? 'network', `${text}${because}.`, hint, {
    cause: error,
    reach: fault.early === true || syscall === 'connect' ? 'unsent' : 'unknown',
    transient: fault.permanent !== true && fault.kind !== 'protocol',
    facts: { code, ...(proxy === null ? {} : { proxy: proxy.variable }) },
  });
}

/** All that is looked up and connected to is the proxy. What comes after may be at either. */
function byProxy(
  { code, syscall }: Cause,
  fault: Fault,
  origin: string,
  { variable, shown }: Proxy,
): Pick<Fault, 'text' | 'hint'> {
  const hint = `Check the proxy that ${variable} names, or except the server with NO_PROXY.`;
  const isProxy = fault === REFUSED || fault === SILENT || /^(connect|getaddrinfo)$/.test(syscall);
  return isProxy || code === 'UND_ERR_PRX_TLS'
    ? { text: `${origin} was not reached: the proxy ${shown} of ${variable} ${fault.text}`, hint }
    : { text: `${origin}, through the proxy ${shown} of ${variable}, ${fault.text}`, hint: `${fault.hint}\n${hint}` };
}

function isTimeout(reason: unknown): reason is Error {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function timedOut(cause: Error, origin: string): RequestError {
  return new RequestError(
    'timeout',
    `${origin} did not answer in time.`,
    'Raise --timeout, or look at the server with `vkeys doctor`.',
    { cause, reach: 'unknown', transient: true, facts: { code: 'TIMEOUT' } },
  );
}
