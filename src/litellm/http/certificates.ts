import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { VkeysError } from '../../base/errors.ts';
import { variable, type Environment } from '../../base/variables.ts';

/** PEM files. */
export type CertificateFiles = {
  /** Authorities to trust besides those that Node brings and NODE_EXTRA_CA_CERTS names. */
  readonly caFile?: string;
  readonly clientCert?: string;
  /** Where it is not given, the certificate's file has the key too. */
  readonly clientKey?: string;
  /** The same, as texts: what another program's settings hold. */
  readonly pem?: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  };
};

/** Made once, because Node takes milliseconds to read its hundred authorities. `null`: Node's default will do. */
export async function createContext(
  options: CertificateFiles & { readonly env: Environment },
): Promise<tls.SecureContext | null> {
  const { caFile, clientCert, clientKey = clientCert, env } = options;
  if (clientKey !== undefined && clientCert === undefined) {
    throw new VkeysError('config', '--client-key is given without --client-cert.', 'Give both.');
  }
  const { pem = {} } = options;
  if ([caFile, clientCert, pem.ca, pem.cert].every((each) => each === undefined)) return null;
  const ca = caFile === undefined ? (pem.ca ?? null) : await readPem('--ca-file', caFile);
  const cert = clientCert === undefined ? (pem.cert ?? null) : await readPem('--client-cert', clientCert);
  const key = clientKey === undefined ? (pem.key ?? null) : await readPem('--client-key', clientKey);
  try {
    return tls.createSecureContext({
      ...(ca === null ? {} : { ca: [...(await usualAuthorities(variable(env, 'NODE_EXTRA_CA_CERTS') ?? '')), ca] }),
      ...(cert === null || key === null ? {} : { cert, key }),
    });
  } catch (cause) {
    const files = [caFile, clientCert, clientKey].filter((path) => path !== undefined);
    throw new VkeysError(
      'config',
      `${[...new Set(files)].join(', ')}: not certificates and keys that fit together.`,
      'Give PEM files: a certificate, and its private key without a passphrase.',
      { cause },
    );
  }
}

/** What Node trusts when it is told nothing: asked where it says so (from 22.15 on), else its own and the file that adds to them, which Node too leaves out where it is of no use. */
async function usualAuthorities(extraFile: string): Promise<readonly string[]> {
  const known: unknown = 'getCACertificates' in tls ? tls.getCACertificates : null;
  const usual: unknown = typeof known === 'function' ? known('default') : tls.rootCertificates;
  const extra = extraFile === '' ? '' : await readFile(extraFile, 'utf8').catch(() => '');
  return [...(Array.isArray(usual) ? usual.map(String) : []), ...(extra.includes('-----BEGIN ') ? [extra] : [])];
}

async function readPem(option: string, path: string): Promise<string> {
  const hint = `Give ${option} a PEM file: a text with lines like -----BEGIN CERTIFICATE-----.`;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new VkeysError('config', `${path}: cannot be read (${cause instanceof Error ? cause.message : ''}).`, hint, {
      cause,
    });
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new VkeysError('config', `${path}: not a PEM file.`, hint);
}
