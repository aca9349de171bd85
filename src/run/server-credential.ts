import type { ChosenCredential, Ports } from '../auth/credential.ts';
import { findCredential } from '../auth/find.ts';
import { readSecretFile } from '../auth/read.ts';
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { FileCredential } from '../model/spec.ts';
import { credentialOfFile } from './file-credential.ts';
import type { Context } from './open.ts';
import type { Address } from './server-address.ts';
import type { World } from './world.ts';

export const SANDBOX_KEY = 'sk-sandbox';

/**
 * A credential of the environment belongs to the server of the environment: whoever writes a spec must not send it
 * elsewhere. Throws `refused`.
 */
export function assertGivenFor({ options }: Context, { url, profile, isOfSpec }: Address): void {
  const { masterKey, masterKeyFile, masterKeyStdin, masterKeyCommand, openshiftTokenFile } = options;
  const given = [masterKey, masterKeyFile, masterKeyCommand, openshiftTokenFile].some((each) => each !== undefined);
  if (!isOfSpec || profile !== null || given || masterKeyStdin === true) return;
  throw new VkeysError(
    'refused',
    `The spec names the server ${url}, and the environment another one: no credential was sent there.`,
    `If it is meant, say so: --url ${url}, a profile for it (vkeys auth login --url ${url}), or --master-key-file.`,
  );
}

/** The credential for a server, and where it was looked for. */
export async function credentialFor(
  { world, options }: Context,
  { url, profile }: Address,
  ofFile: FileCredential | null,
): Promise<ChosenCredential> {
  if (options.sandbox === true) {
    const secret = new Secret(SANDBOX_KEY);
    return { credential: { kind: 'master-key', source: 'the sandbox', secret }, looked: [], notices: [] };
  }
  const file = ofFile === null ? null : credentialOfFile(ofFile, url);
  return findCredential({ ...options, profile, file }, portsOf(world));
}

/** What looking for a credential needs of the world. */
export function portsOf({ env, cwd, stdin, run, now }: World): Ports {
  return { env, readFile: (path) => readSecretFile(path, cwd), readStdin: () => stdin.read(), run, now };
}
