import { describe, expect, it } from 'vitest';
import { unreachable } from '../../../src/litellm/http/unreachable.ts';

const ORIGIN = 'https://litellm.example.com';
const going = new AbortController().signal;
const fault = (code: string, syscall?: string): Error => Object.assign(new Error('low-level words'), { code, syscall });

describe('unreachable', () => {
  it.each([
    ['EAI_AGAIN', 'getaddrinfo', 'network', 'unsent', true],
    ['ENETUNREACH', 'connect', 'network', 'unsent', true],
    ['ETIMEDOUT', 'connect', 'timeout', 'unsent', true],
    ['ETIMEDOUT', 'read', 'timeout', 'unknown', true],
    ['UND_ERR_CONNECT_TIMEOUT', undefined, 'timeout', 'unsent', true],
    ['UND_ERR_HEADERS_TIMEOUT', undefined, 'timeout', 'unknown', true],
    ['ENOTFOUND', 'getaddrinfo', 'network', 'unsent', false],
    ['CERT_NOT_YET_VALID', undefined, 'network', 'unsent', false],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', undefined, 'network', 'unsent', false],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', undefined, 'network', 'unsent', false],
    ['EPIPE', 'write', 'network', 'unknown', true],
  ])('tells %s (%s) as %s', (code, syscall, kind, reach, transient) => {
    const error = unreachable(new TypeError('fetch failed', { cause: fault(code, syscall) }), ORIGIN, going);
    const message = expect.stringContaining(ORIGIN);
    expect(error).toMatchObject({ kind, reach, transient, facts: { code }, message });
  });

  it.each<[string, readonly [string, string][], RegExp, string]>([
    [
      'that answer late, beside one of no network',
      [
        ['ETIMEDOUT', 'connect'],
        ['ENETUNREACH', 'connect'],
      ],
      /does not take up connections/,
      'timeout',
    ],
    [
      'of no network, beside one that refuses',
      [
        ['ENETUNREACH', 'connect'],
        ['ECONNREFUSED', 'connect'],
      ],
      /refuses connections/,
      'network',
    ],
    [
      'of no network',
      [
        ['ENETUNREACH', 'connect'],
        ['EHOSTUNREACH', 'connect'],
      ],
      /cannot be reached from here/,
      'network',
    ],
  ])('tells of addresses %s what tells most', (_, tried, words, kind) => {
    const [first = ['', '']] = tried;
    const all = Object.assign(new AggregateError(tried.map(([code, syscall]) => fault(code, syscall))), {
      code: first[0],
    });
    const error = unreachable(new TypeError('fetch failed', { cause: all }), ORIGIN, going);
    expect(error).toMatchObject({ kind, reach: 'unsent', transient: true, message: expect.stringMatching(words) });
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
