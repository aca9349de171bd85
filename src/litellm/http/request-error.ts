import { VkeysError, type ErrorKind } from '../../base/errors.ts';
import type { Undone } from '../../model/landed.ts';
import type { ProblemCode } from './problem.ts';

/**
 * How far a request came. `unsent`: the server has not heard of it. `answered`: the server, or what stands before it, answered
 * with a status. `unknown`: neither is sure, or its answer could not be read.
 */
export type Reach = 'unsent' | 'unknown' | 'answered';

/** What a failed request tells, beside its words. `wait`: the milliseconds that the server asked to wait. */
export type RequestFacts = {
  readonly reach: Reach;
  /** An HTTP status, where there was one. */
  readonly status: number | null;
  /** What the server refused, where it did. */
  readonly code: ProblemCode | null;
  readonly wait: number | null;
  /** Why an answer of the server's could not be read: a shorter one, of fewer rows, may be. */
  readonly unread: Unread | null;
};

/** `too much`: longer, or fuller of lists, than anything of LiteLLM's. */
export type Unread = 'too much' | 'not JSON';

/** A request that did not succeed. */
export class RequestError extends VkeysError implements RequestFacts {
  readonly reach: Reach;
  readonly status: number | null;
  readonly code: ProblemCode | null;
  readonly wait: number | null;
  readonly unread: Unread | null;

  constructor(
    kind: ErrorKind,
    message: string,
    hint: string,
    {
      reach,
      status = null,
      code = null,
      wait = null,
      unread = null,
      facts = {},
      ...options
    }: Pick<RequestFacts, 'reach'> &
      Partial<RequestFacts> & { cause?: unknown; transient?: boolean; facts?: Readonly<Record<string, unknown>> },
  ) {
    super(kind, message, hint, {
      ...options,
      facts: { ...(status === null ? {} : { status }), ...(code === null ? {} : { code }), ...facts },
    });
    this.reach = reach;
    this.status = status;
    this.code = code;
    this.wait = wait;
    this.unread = unread;
  }
}

/** Whether the server refused a request for this reason. */
export function isRefusedFor(error: unknown, ...codes: readonly ProblemCode[]): boolean {
  return error instanceof RequestError && error.code !== null && codes.includes(error.code);
}

/** Whether the server may have done the work although it did not say so. A redirect, and a 408, are answers of somebody before it. */
export function isUnclear(error: VkeysError): boolean {
  if (!(error instanceof RequestError) || error.reach === 'unknown') return true;
  const { reach, status, code } = error;
  if (reach === 'unsent' || status === null) return false;
  return status < 400 || status >= 500 || status === 408 || code === 'database_away';
}

/** What a change came to that ended with this error. */
export function undone(error: VkeysError): Undone {
  if (error instanceof RequestError && error.reach === 'unsent') return { is: 'unsent', error };
  return { is: isUnclear(error) ? 'unsettled' : 'refused', error };
}
