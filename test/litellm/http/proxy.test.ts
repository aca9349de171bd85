import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/litellm/http/proxy.ts';

const PROXY = 'http://proxy.example.com:3128';
const variableFor = (url: string, env: Readonly<Record<string, string>>): string | null =>
  proxyFor(new URL(url), env)?.variable ?? null;

describe('the proxy for an address', () => {
  it.each<[string, Readonly<Record<string, string>>, string | null]>([
    ['http://a.example.com', {}, null],
    ['http://a.example.com', { HTTP_PROXY: PROXY }, 'HTTP_PROXY'],
    ['http://a.example.com', { HTTP_PROXY: PROXY, http_proxy: PROXY }, 'http_proxy'],
    ['http://a.example.com', { HTTP_PROXY: PROXY, http_proxy: '' }, 'HTTP_PROXY'],
    ['http://a.example.com', { HTTPS_PROXY: PROXY }, null],
    ['https://a.example.com', { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY }, 'HTTPS_PROXY'],
    ['https://a.example.com', { HTTP_PROXY: PROXY }, 'HTTP_PROXY'],
  ])('%s with %j is that of %s', (url, env, variable) => {
    expect(variableFor(url, env)).toBe(variable);
  });

  it.each([
    'http://127.0.0.1:4000',
    'http://127.8.9.1:4000',
    'http://2130706433:4000',
    'http://localhost:4000',
    'http://localhost.:4000',
    'https://litellm.localhost',
    'http://[::1]:4000',
    'http://[::ffff:127.0.0.1]:4000',
  ])('is none for this machine itself: %s', (url) => {
    expect(variableFor(url, { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY })).toBeNull();
  });

  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', 'http://10.255.255.1:4000', true],
    ['10.0.0.0/8', 'http://11.0.0.1:4000', false],
    ['192.168.0.0/16 10.0.0.0/8', 'http://10.1.1.1', true],
    ['fd00::/8', 'http://[fd12::1]:4000', true],
    ['fd00::/8', 'http://[fe80::1]:4000', false],
    ['10.0.0.0/8', 'http://[::ffff:10.0.0.1]:4000', true],
    ['10.0.0.0/99', 'http://10.0.0.1', false],
    ['10.0.0.7', 'http://10.0.0.7:4000', true],
    ['10.0.0.7', 'http://10.0.0.70:4000', false],
    ['10.0.0.7:4000', 'http://10.0.0.7:4000', true],
    ['10.0.0.7:4000', 'http://10.0.0.7:4001', false],
    ['fd00::1', 'http://[fd00:0::1]', true],
    ['[fd00::1]', 'http://[fd00::1]:4000', true],
    ['[fd00::1]:4000', 'http://[fd00::1]:4001', false],
    ['*', 'http://a.example.com', true],
    ['*,x', 'http://a.example.com', true],
    ['x, *', 'http://a.example.com', true],
    ['example.com', 'http://example.com', true],
    ['example.com', 'http://a.example.com', true],
    ['.example.com', 'http://a.example.com', true],
    ['.example.com', 'http://example.com', true],
    ['*.example.com', 'http://a.b.example.com', true],
    ['example.com', 'http://notexample.com', false],
    ['EXAMPLE.com', 'http://a.Example.COM.', true],
    ['example.com:443', 'https://a.example.com', true],
    ['example.com:80', 'https://a.example.com', false],
    [' , ,', 'http://a.example.com', false],
    ['.', 'http://a.example.com', false],
  ])('is none where NO_PROXY is %j and the address is %s: %s', (exceptions, url, isExcepted) => {
    const env = { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, NO_PROXY: exceptions };
    expect(variableFor(url, env) === null).toBe(isExcepted);
  });

  it('is shown without its user and password, and may be without http://', () => {
    const proxy = proxyFor(new URL('http://a.example.com'), { HTTP_PROXY: 'me:hunter2@proxy.example.com:3128' });
    expect(proxy).toEqual({
      variable: 'HTTP_PROXY',
      uri: 'http://me:hunter2@proxy.example.com:3128',
      shown: 'http://proxy.example.com:3128',
    });
  });

  it.each(['proxy port 3128', 'socks5://proxy.example.com', 'http://'])('must be an address: %s', (text) => {
    expect(() => proxyFor(new URL('http://a.example.com'), { http_proxy: text })).toThrow(/^http_proxy is not/);
  });
});
