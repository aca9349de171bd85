/** Where Vault or OpenBao is, and with what we come: as the spec says, else as the programs `vault` and `bao` are told. */
import { join } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { readIfThere } from '../../base/files.ts';
import { POD_TOKEN } from '../../base/pod.ts';
import { hold, Secret } from '../../base/secret.ts';
import { variable, type Environment, type Variable } from '../../base/variables.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { VaultServer } from '../../model/delivery.ts';
import type { SinkPorts, Trust } from '../sink.ts';

/** The first of these that says something. */
function setting(env: Environment, ...names: readonly Variable[]): Setting | null {
  const [first] = names.flatMap((name): readonly Setting[] => {
    const value = variable(env, name);
    return value === undefined ? [] : [{ name, value }];
  });
  return first ?? null;
}
type Setting = { readonly name: string; readonly value: string };

/** `https://HOST/v1`. Throws `delivery`: nobody says where, or it is no address. */
export function baseOf({ address, token_file, kubernetes }: VaultServer, env: Environment): string {
  const isOwnToken = token_file !== undefined || kubernetes !== undefined;
  const found = address === undefined ? setting(env, 'BAO_ADDR', 'VAULT_ADDR') : { name: 'address', value: address };
  if (found === null) {
    throw new VkeysError(
      'delivery',
      'Nobody says where Vault is.',
      'Set VAULT_ADDR (or BAO_ADDR) to its address, or say it in the spec: vault: {address: https://…}.',
    );
  }
  const { name, value } = found;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash !== '') {
    const hint = `Set ${name} to something like https://vault.example.com:8200.`;
    throw new VkeysError('delivery', `${name} is no address of a server.`, hint);
  }
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}/v1`;
  const usual = setting(env, 'BAO_ADDR', 'VAULT_ADDR');
  if (address !== undefined && !isOwnToken && usual !== null && baseOf({ address: usual.value }, {}) !== base)
    throw redirected(url, usual);
  return base;
}

/** A change of a spec, by whom it may be, must not lead a token that was given for one server to another. */
function redirected({ origin }: URL, { name }: Setting): VkeysError {
  return new VkeysError(
    'delivery',
    `The spec's address ${oneLine(origin)} is not that of ${name}, for which the token was given.`,
    `If it is meant, set ${name} to it, or give the spec a way to log in there: vault: {auth: …}.`,
  );
}

/** `a/b/`, or nothing. Throws `delivery`. */
export function namespaceOf({ namespace }: VaultServer, env: Environment): string {
  const name = (namespace ?? setting(env, 'BAO_NAMESPACE', 'VAULT_NAMESPACE')?.value ?? '').replaceAll(
    /^\/+|\/+$/g,
    '',
  );
  if (name === '') return '';
  if (name.split('/').every((part) => /^[^\s{}\\]+$/.test(part) && !/^\.\.?$/.test(part))) return `${name}/`;
  const hint = 'Set VAULT_NAMESPACE (or BAO_NAMESPACE) to something like team-a, or team-a/prod.';
  throw new VkeysError('delivery', `${oneLine(name)} is no namespace of Vault.`, hint);
}

/** Throws `delivery` for a file that is not there, or none of certificates. */
export async function trustIn(env: Environment): Promise<Trust> {
  const pem = async (file: Setting | null): Promise<string | null> => {
    if (file === null) return null;
    const text = await readIfThere(file.value);
    if (text?.includes('-----BEGIN ') === true) return text;
    const why = text === null ? 'names no file that is there' : 'names a file without certificates and keys';
    throw new VkeysError('delivery', `${file.name} ${why}.`, `Set ${file.name} to a PEM file.`);
  };
  const [ca, cert, key] = [
    await pem(setting(env, 'BAO_CACERT', 'VAULT_CACERT')),
    await pem(setting(env, 'BAO_CLIENT_CERT', 'VAULT_CLIENT_CERT')),
    await pem(setting(env, 'BAO_CLIENT_KEY', 'VAULT_CLIENT_KEY')),
  ];
  const insecure = /^(?:1|t|true)$/i.test(setting(env, 'BAO_SKIP_VERIFY', 'VAULT_SKIP_VERIFY')?.value ?? '');
  return {
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert, key: key ?? cert }),
    ...(insecure ? { insecure } : {}),
  };
}

type Ports = Pick<SinkPorts, 'env' | 'home'>;

/** The token that somebody gave us. Throws `delivery`: there is none, or it is none. */
export async function givenToken({ token_file }: VaultServer, { env, home }: Ports): Promise<Secret> {
  if (token_file !== undefined) return tokenIn(await readIfThere(token_file), token_file);
  const set = setting(env, 'BAO_TOKEN', 'VAULT_TOKEN');
  if (set !== null) return tokenIn(set.value, set.name);
  const left = home === null ? null : await readIfThere(join(home, '.vault-token'));
  if (left !== null && left.trim() !== '') return tokenIn(left, '~/.vault-token');
  throw new VkeysError(
    'delivery',
    'There is no token for Vault.',
    'Set VAULT_TOKEN (or BAO_TOKEN), run `vault login`, or say in the spec: vault: {auth: {kubernetes: {role: …}}}.',
  );
}

/** The token of this pod, to log in with. Throws `delivery`. */
export async function podToken({ env }: Ports): Promise<Secret> {
  const path = variable(env, 'VKEYS_SERVICEACCOUNT_TOKEN_FILE') ?? POD_TOKEN;
  return tokenIn(await readIfThere(path), path);
}

/** As it goes into a header. */
export function tokenIn(text: string | null, source: string): Secret {
  const token = text?.trim() ?? '';
  if (/^[\x21-\x7E]+$/.test(token)) return hold(new Secret(token));
  const why = token === '' ? 'has no token in it' : 'has something in it that is no token';
  throw new VkeysError('delivery', `${oneLine(source)} ${why}.`, 'Put a token there, and nothing else.');
}
