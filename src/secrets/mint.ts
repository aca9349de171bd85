import { Secret } from '../base/secret.ts';

/** A new secret, as long as LiteLLM's own and longer: `sk-` and 32 random bytes in base64url. */
export function mint(randomBytes: (count: number) => Uint8Array): Secret {
  return new Secret(`sk-${Buffer.from(randomBytes(32)).toString('base64url')}`);
}
