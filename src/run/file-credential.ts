import type { CredentialOfFile } from '../auth/credential.ts';
import { serverUrl } from '../litellm/http/url.ts';
import type { FileCredential } from '../model/spec.ts';

/** What a file's credential is at the server at `url`: a value in a file never goes to another server than the same file names. */
export function credentialOfFile(credential: FileCredential, url: string): CredentialOfFile {
  const own = serverUrl(credential.url);
  return own === url ? credential : { kind: 'other', source: credential.source, url: own };
}
