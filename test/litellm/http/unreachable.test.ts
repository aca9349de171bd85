import { describe, expect, it } from 'vitest';
import { unreachable } from '../../../src/litellm/http/unreachable.ts';

const ORIGIN = 'https://litellm.example.com';
const going = new AbortController().signal;
const fault = (code: string, syscall?: string): Error => Object.assign(new Error('low-level words'), { code, syscall });

describe('unreachable', () => {
  it.each([
    ['EAI_AGAIN', 'getaddrinfo', 'network', { sent: false }],
    ['ENETUNREACH', 'connect', 'network', { sent: false }],
    ['ETIMEDOUT', 'connect', 'timeout', { sent: false }],
    ['ETIMEDOUT', 'read', 'timeout', { sent: true }],
    ['UND_ERR_CONNECT_TIMEOUT', undefined, 'timeout', { sent: false }],
    ['UND_ERR_HEADERS_TIMEOUT', undefined, 'timeout', { sent: true }],
    ['ENOTFOUND', 'getaddrinfo', 'network', { sent: false, permanent: true }],
    ['CERT_NOT_YET_VALID', undefined, 'network', { sent: false, permanent: true }],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', undefined, 'network', { sent: false, permanent: true }],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', undefined, 'network', { sent: false, permanent: true }],
    ['EPIPE', 'write', 'network', { sent: true }],
  ])('tells %s (%s) as %s', (code, syscall, kind, details) => {
    const error = unreachable(new TypeError('fetch failed', { cause: fault(code, syscall) }), ORIGIN, going);
    expect(error).toMatchObject({ kind, details: { code, ...details }, message: expect.stringContaining(ORIGIN) });
  });

  it('shows no key that a cause has in its words', () => {
    const cause = Object.assign(new Error('cannot send sk-abcdefgh'), { code: 'EPIPE' });
    expect(unreachable(cause, ORIGIN, going)).toMatchObject({ message: expect.not.stringContaining('abcdefgh') });
  });

  it('leaves a bug as it is', () => {
    for (const bug of [new TypeError('x is not a function'), fault('UND_ERR_INVALID_ARG'), 'a text']) {
      expect(unreachable(bug, ORIGIN, going)).toBe(bug);
    }
  });
});
