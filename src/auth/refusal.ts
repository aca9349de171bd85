/** A refusal of the credential in words: which one it was, and what to do. Pure. */
import { VkeysError } from '../base/errors.ts';
import type { ServerProblem } from '../litellm/http/problem.ts';
import type { Credential } from './credential.ts';

/**
 * The error for a 401 or 403 that is really about the credential; a database that is away is told apart before
 * (`readProblem`), whatever status it has.
 */
export function explainRefusal(
  { status, code, type, message, isLiteLLM }: ServerProblem,
  { kind, source }: Pick<Credential, 'kind' | 'source'>,
  url: string,
): VkeysError {
  const refused = `${source} was refused by ${url}`;
  const error = (text: string, hint: string): VkeysError =>
    new VkeysError('auth', text, hint, { facts: { status, code, type, source } });
  if (!isLiteLLM) {
    return error(
      `${url} refuses this before LiteLLM sees it: ${message}`,
      'A gateway, a login or a firewall stands before it: see whether it wants a VPN, or a header of its own (--header).',
    );
  }
  if (code === 'forbidden') {
    return error(
      `${source} may not do this at ${url}: ${message}`,
      'vkeys needs the master key, or the key of a user who is proxy_admin; `vkeys auth status` tells who you are.',
    );
  }
  if (kind === 'openshift') {
    return takesNoTokens(message)
      ? error(
          `${url} does not take OpenShift tokens: ${source} was refused, because this server knows only its own keys.`,
          'Use one of its own keys, with --auth master-key; to take cluster tokens, a LiteLLM server needs custom_auth.',
        )
      : error(
          `${refused}: ${message}`,
          'Log in to the cluster that this server trusts (`oc login`), with a user whom it takes as an admin.',
        );
  }
  if (kind === 'login') {
    return error(`The session of ${refused}: ${message}`, 'It may be over: log in again, with `vkeys auth login`.');
  }
  return error(
    `${refused}: ${message}`,
    type === 'expired_key'
      ? 'This key is over: give the master key, or another key of a user who is proxy_admin.'
      : "Give this server's master key, or the key of a user who is proxy_admin; mind --url, other servers have other keys.",
  );
}

/** All versions say so of a token that does not begin like a key, unless they were set up to understand it. */
function takesNoTokens(message: string): boolean {
  return /expected to start with|JWT auth is not enabled/.test(message);
}
