/** Whether a request goes through an HTTP proxy of the environment, and through which. Pure. */
import { BlockList, isIP } from 'node:net';
import { VkeysError } from '../../base/errors.ts';
import type { Environment, Variable } from '../../base/variables.ts';

/** `variable` names it, as the environment spells it. `uri` may have a password in it; `shown` has none. */
export type Proxy = { readonly variable: string; readonly uri: string; readonly shown: string };

/**
 * The proxy for an address, by the variable of its protocol (HTTPS_PROXY, else HTTP_PROXY), small letters first; `null`
 * for this machine itself, and for what NO_PROXY names: hosts with all below them, addresses, networks (`10.0.0.0/8`),
 * each with a port if it likes, and `*`. Throws `config` for a proxy that is no address.
 */
export function proxyFor(url: URL, env: Environment): Proxy | null {
  const names = url.protocol === 'https:' ? (['HTTPS_PROXY', 'HTTP_PROXY'] as const) : (['HTTP_PROXY'] as const);
  const variable = names.map((name) => spelled(name, env)).find((name) => (env[name] ?? '').trim() !== '');
  if (variable === undefined || isExcepted(url, env[spelled('NO_PROXY', env)] ?? '')) return null;
  const text = (env[variable] ?? '').trim();
  const uri = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(uri) && /^https?:/.test(uri)) {
    const { protocol, host } = new URL(uri);
    return { variable, uri, shown: `${protocol}//${host}` };
  }
  throw new VkeysError(
    'config',
    `${variable} is not the address of an HTTP proxy.`,
    'Give an address like http://proxy.example.com:3128, or unset the variable.',
  );
}

/** The name in small letters where that is set. */
function spelled(name: Variable, env: Environment): string {
  return (env[name.toLowerCase()] ?? '') === '' ? name : name.toLowerCase();
}

const LOOPBACK = blockOf(['127.0.0.0/8', '::1/128']);

function isExcepted(url: URL, exceptions: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (isIn(LOOPBACK, host) || /^(.*\.)?localhost$/.test(host)) return true;
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const { name, only } = entryOf(entry);
      if (only !== null && only !== port) return false;
      if (name === '*') return true;
      if (name.includes('/')) return isIn(blockOf([name]), host);
      if (isIP(name) > 0) return isIn(blockOf([`${name}/${isIP(name) === 4 ? '32' : '128'}`]), host);
      const below = name.replace(/^\*?\./, '');
      return below !== '' && (host === below || host.endsWith(`.${below}`));
    });
}

/** `example.com:8080`, `[::1]:8080`, `[::1]`; an IPv6 address without brackets has no port. */
function entryOf(entry: string): { readonly name: string; readonly only: string | null } {
  const [, bracketed, plain = '', only = null] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain;
  return name === '' ? { name: entry, only: null } : { name, only };
}

/** Networks as `address/bits`; what is none is left out. */
function blockOf(networks: readonly string[]): BlockList {
  const block = new BlockList();
  for (const network of networks) {
    const [, address = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(network) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) continue;
    block.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  }
  return block;
}

function isIn(block: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && block.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
