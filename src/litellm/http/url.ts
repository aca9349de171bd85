import { VkeysError } from '../../base/errors.ts';
import { redact } from '../../base/secret.ts';

/**
 * The server's address as the management routes need it: without `/v1`, which OpenAI clients want and LiteLLM's
 * `/key/…` routes do not have, and without a slash at the end, which LiteLLM answers with a redirect. A path prefix stays.
 * Throws `usage` for anything that is not such an address, and for one with a password in it.
 */
export function serverUrl(text: string): string {
  const trimmed = text.trim();
  const hint = 'Give an address like https://litellm.example.com or http://127.0.0.1:4000/prefix.';
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new VkeysError(
      'usage',
      `The server's address does not begin with http:// or https://.${guess(trimmed)}`,
      hint,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new VkeysError(
      'usage',
      "The server's address has a user or password in it.",
      'Take it out, and give it with LITELLM_USERNAME and LITELLM_PASSWORD.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new VkeysError('usage', "The server's address has a ? or # in it.", hint);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '')}`;
}

/** `localhost:4000` is a URL of the scheme `localhost:`; what was meant is plain. */
function guess(text: string): string {
  if (!/^[\w-]+(\.[\w-]+)*(:\d+)?(\/|$)/.test(text) || redact(text) !== text) return '';
  return ` Did you mean ${/^(localhost|127\.)/.test(text) ? 'http' : 'https'}://${text}?`;
}

/** The address that OpenAI clients need. */
export function apiBaseUrl(url: string): string {
  return `${url}/v1`;
}
