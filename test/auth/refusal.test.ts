import { describe, expect, it } from 'vitest';
import { explainRefusal } from '../../src/auth/refusal.ts';
import { readProblem } from '../../src/litellm/http/problem.ts';

const URL = 'https://litellm.example.com';
const unknown = {
  message: 'Authentication Error, Invalid API key provided.',
  type: 'token_not_found_in_db',
};
const notAKey = {
  message: "Authentication Error, LiteLLM Virtual Key expected. Received=sha2****oken, expected to start with 'sk-'.",
  type: 'auth_error',
};
const custom = { message: 'Authentication Error, this token is not known to the cluster', type: 'auth_error' };
const spent = { message: 'Budget has been exceeded! Current cost: 2, Max budget: 1', type: 'budget_exceeded' };
const viewer = { message: 'user not allowed to access this route', type: 'auth_error' };

describe('explainRefusal', () => {
  it.each([
    ['master-key', 'LITELLM_MASTER_KEY', 401, unknown, 'LITELLM_MASTER_KEY was refused by', 'other servers'],
    ['master-key', '--master-key-file k', 401, { ...unknown, type: 'expired_key' }, '--master-key-file k', 'is over'],
    ['master-key', 'LITELLM_MASTER_KEY', 400, { ...unknown, type: 'expired_key' }, 'LITELLM_MASTER_KEY', 'is over'],
    ['master-key', 'LITELLM_MASTER_KEY', 422, spent, 'may not do this', 'proxy_admin'],
    ['openshift', 'oc whoami -t', 401, notAKey, 'does not take OpenShift tokens', '--auth master-key'],
    ['openshift', 'oc whoami -t', 401, custom, 'oc whoami -t was refused by', 'oc login'],
    ['login', 'profile work', 401, unknown, 'The session of profile work was refused', 'vkeys auth login'],
    ['login', 'profile work', 403, viewer, 'profile work may not do this', 'proxy_admin'],
  ] as const)('tells a refused %s from %s (%d)', (kind, source, status, error, words, hint) => {
    const told = explainRefusal(readProblem(status, JSON.stringify({ error })), { kind, source }, URL);
    expect(told).toMatchObject({ kind: 'auth', facts: { status, type: error.type, source } });
    expect(told.message).toContain(words);
    expect(told.message).toContain(URL);
    expect(told.hint).toContain(hint);
  });

  it.each([
    [401, '<html><h1>401 Authorization Required</h1><hr>nginx</html>'],
    [403, '<html><h1>403 Forbidden</h1></html>'],
    [403, '{"error":"blocked by the firewall"}'],
    [401, ''],
  ])('blames no credential where something before LiteLLM refuses it: %d %s', (status, body) => {
    const told = explainRefusal(readProblem(status, body), { kind: 'master-key', source: 'LITELLM_MASTER_KEY' }, URL);
    expect(told.message).toContain(`${URL} refuses this before LiteLLM sees it`);
    expect(told.message + told.hint).not.toContain('MASTER_KEY');
  });
});
