/**
 * What ends a request without an answer, told as what the user can do about it. undici and Node hide the reason
 * somewhere in the chain of causes, so the first cause with a code that is known here counts.
 */
import { VkeysError } from '../../base/errors.ts';
import { redact } from '../../base/secret.ts';
import { causesOf, isSilence, type Cause } from './causes.ts';
import { CUT, FAULTS, REFUSED, SILENT, type Fault } from './faults.ts';
import type { Proxy } from './proxy.ts';
import { RequestError } from './request-error.ts';

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
