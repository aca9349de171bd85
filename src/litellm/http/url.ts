import { VkeysError } from '../../base/errors.ts';
import { isQuoted } from '../../base/quotes.ts';
import { redact } from '../../base/secret.ts';

/** `cut`: more was left out than `/v1` and a slash at the end, which is worth saying. */
export type ServerAddress = { readonly url: string; readonly cut: boolean };

/** Routes of models below `/v1`, which a client has in its configuration or its errors. */
const MODELS =
  'models?|chat|completions|embeddings|responses|messages|images|audio|moderations|rerank|files|batches|realtime|threads|assistants|vector_stores|fine_tuning|mcp';

/**
 * What follows a proxy's address where somebody copied it from: a client (`/v1`, which LiteLLM's `/key/…` routes do not
 * have, and the routes of OpenAI's), the UI, or a page of the API's own.
 */
const USUAL = /\/v1$/;
const TAILS: readonly RegExp[] = [
  USUAL,
  /\/ui(\/.*)?$/,
  new RegExp(`/v1/(${MODELS})(/.*)?$`),
  /\/openai\/deployments\/.*$/,
  /\/(chat\/completions|openapi\.json|docs|redoc|sso\/key\/generate|(fallback|v2)\/login|public\/model_hub(\/info)?)$/,
  /\/(key|health)\/[\w/]+$/,
  /\/(user|team|spend|budget|organization)\/(list|info|new|update|delete|logs|keys)$/,
];

/**
 * The server's address as the management routes need it: without the tails that clients and browsers have, without a
 * query, and without a slash at the end, which LiteLLM answers with a redirect. A path prefix stays. `name`: what gave it.
 * Throws `usage` for anything that is not such an address, and for one with a password in it.
 */
export function serverAddress(text: string, name = "The server's address"): ServerAddress {
  const trimmed = text.trim();
  const hint = 'Give an address like https://litellm.example.com or http://127.0.0.1:4000/prefix.';
  if (isQuoted(trimmed)) {
    throw new VkeysError(
      'usage',
      `${name} has quotes around it, which are a part of it here.`,
      "Take them away: Docker's env files, and YAML inside of YAML, do not.",
    );
  }
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new VkeysError('usage', `${name} does not begin with http:// or https://.${guess(trimmed)}`, hint);
  }
  if (url.username !== '' || url.password !== '') {
    throw new VkeysError(
      'usage',
      `${name} has a user or password in it.`,
      'Take it out, and give it with LITELLM_USERNAME and LITELLM_PASSWORD.',
    );
  }
  const whole = url.pathname.replace(/\/+$/, '');
  const path = withoutTails(whole);
  const isUsual = path === whole.replace(USUAL, '').replace(/\/+$/, '');
  return { url: `${url.origin}${path}`, cut: !isUsual || url.search !== '' || url.hash !== '' };
}

/** The address alone. Throws what `serverAddress` throws. */
export function serverUrl(text: string): string {
  return serverAddress(text).url;
}

function withoutTails(path: string): string {
  const tail = TAILS.find((each) => each.test(path));
  return tail === undefined ? path : withoutTails(path.replace(tail, '').replace(/\/+$/, ''));
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
