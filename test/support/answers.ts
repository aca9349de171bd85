/** Answers of a server that are lost, late or refused, before or after it did what it was asked. */
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { RequestError, type Reach } from '../../src/litellm/http/request-error.ts';
import type { VkeysError } from '../../src/base/errors.ts';
import { answer } from './make.ts';

export type Send = () => ReturnType<Fetch>;
export type Fault = { readonly name: string; readonly meet: (send: Send) => ReturnType<Fetch> };

export const network = (reach: Reach): VkeysError =>
  new RequestError('network', 'The connection was cut.', 'Look at the network.', { reach, transient: true });
export const timeout = (): Error => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
const thenThrow =
  (error: () => Error): Fault['meet'] =>
  async (send) => {
    await send();
    throw error();
  };

/** As 1.83.14 says it. */
const POOL_DRY = {
  error: {
    message: 'Authentication Error, Client is not connected to the query engine, you must call `connect()` first.',
    type: 'auth_error',
    code: '401',
  },
};

export const FAULTS: readonly Fault[] = [
  { name: 'the connection is refused', meet: () => Promise.reject(network('unsent')) },
  { name: 'the request is lost', meet: () => Promise.reject(network('unknown')) },
  { name: 'the answer is lost', meet: thenThrow(() => network('unknown')) },
  { name: 'the server does nothing in time', meet: () => Promise.reject(timeout()) },
  { name: 'the server does it and does not answer in time', meet: thenThrow(timeout) },
  { name: 'a 503 comes before the work', meet: () => answer(503, 'upstream is busy') },
  { name: 'a 503 comes after the work', meet: (send) => send().then(() => answer(503, 'upstream is busy')) },
  { name: 'a login page comes after the work', meet: (send) => send().then(() => answer(200, '<html>')) },
  { name: 'a redirect comes after the work', meet: (send) => send().then(() => answer(302, '')) },
  { name: 'a refusal comes after the work', meet: (send) => send().then(() => answer(400, '{"detail":"no"}')) },
  { name: 'a 401 tells of a dry database pool', meet: () => answer(401, POOL_DRY) },
  {
    name: 'a 401 tells of a dry database pool after the work',
    meet: (send) => send().then(() => answer(401, POOL_DRY)),
  },
  { name: 'a 429 says when to come back', meet: () => answer(429, '{"detail":"slow down"}', { 'retry-after': '7' }) },
];

/** Meets the fault at these requests, counted from 0. */
export function faulty(fetch: Fetch, fault: Fault, isHit: (request: number) => boolean): Fetch {
  let requests = 0;
  return (url, init) => {
    requests += 1;
    return isHit(requests - 1) ? fault.meet(() => fetch(url, init)) : fetch(url, init);
  };
}
