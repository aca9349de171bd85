import { isHash } from '../../model/selector.ts';
import { MASTER } from '../../model/usage.ts';

/**
 * The key that a row of usage is of. LiteLLM 1.83 writes what was refused as it was sent, so that a secret may stand there:
 * what is no hash is nobody's. `own` is the hash of our own credential, which older versions call the master key by.
 */
export function keyNameIn(api_key: string, key_alias: string | null, own: string | null): string | null {
  if (api_key === MASTER || (api_key === own && key_alias === null)) return MASTER;
  return isHash(api_key) ? api_key : null;
}
