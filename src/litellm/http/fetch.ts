/**
 * The port through which every request leaves. Production passes `transport.ts` (undici), `--sandbox` and the tests
 * pass the sandbox, and a test with msw passes the global `fetch`, which fits as it is.
 */
export type HttpInit = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A redirect is never followed: it could carry the credential to another host. */
  readonly redirect: 'manual';
  /** Bytes that the answer may have, where that is more than usual. */
  readonly longest?: number;
};
export type HttpResponse = {
  readonly status: number;
  readonly headers: { get(name: string): string | null; getSetCookie(): string[] };
  text(): Promise<string>;
};
export type Fetch = (url: string, init: HttpInit) => Promise<HttpResponse>;
