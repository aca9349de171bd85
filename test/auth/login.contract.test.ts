/** Against real servers: LITELLM_BASE_URL with a login, and LITELLM_OPENSHIFT_URL, which takes LITELLM_OPENSHIFT_TOKEN. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Credential, Password } from '../../src/auth/credential.ts';
import { explainRefusal } from '../../src/auth/explain.ts';
import { endSession, logIn } from '../../src/auth/login.ts';
import { keyInfo, listKeys } from '../../src/litellm/client.ts';
import type { Connection } from '../../src/litellm/request.ts';
import { createTransport } from '../../src/litellm/transport.ts';
import { Secret } from '../../src/secret.ts';

const { env } = process;
const url = env['LITELLM_BASE_URL'] ?? '';
const openshiftUrl = env['LITELLM_OPENSHIFT_URL'] ?? '';
const transport = await createTransport({ insecure: false, connections: 2, env: {} });
afterAll(() => transport.close());

function connect(server: string, credential: Credential | null): Connection {
  const never = new AbortController().signal;
  return {
    url: server,
    fetch: transport.fetch,
    secret: credential?.secret ?? null,
    keyHeader: 'Authorization',
    headers: {},
    timeout: 30_000,
    signal: never,
    stop: never,
    now: () => new Date(),
    random: Math.random,
    sleep: async () => undefined,
    trace: () => undefined,
    refused: (problem) => explainRefusal(problem, credential ?? { kind: 'login', source: 'nothing' }, server),
  };
}

const token = (secret: string): Credential => ({
  kind: 'openshift',
  source: 'oc whoami -t',
  secret: new Secret(secret),
});

describe.runIf(url !== '')('a real server with a login', () => {
  const password = (value: string): Password => ({
    kind: 'password',
    source: 'LITELLM_USERNAME and LITELLM_PASSWORD',
    username: env['LITELLM_USERNAME'] ?? 'admin',
    password: new Secret(value),
  });

  it('opens a session whose key works, knows its end, and can be deleted with itself', async () => {
    const right = env['LITELLM_PASSWORD'] ?? env['LITELLM_MASTER_KEY'] ?? '';
    const session = await logIn(connect(url, null), password(right));
    expect(session.user_role).toBe('proxy_admin');
    const connection = connect(url, { kind: 'login', source: 'a session', secret: session.secret });
    expect((await listKeys(connection, 'vkeys-auth-none')).keys).toEqual([]);
    const row = await keyInfo(connection, session.secret.hash());
    expect(row?.expires ?? null).not.toBeNull();
    await endSession(connection, session);
    await expect(listKeys(connection)).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringMatching(/^The session of a session was refused/),
    });
    await endSession(connection, session);
  });

  it('refuses a wrong password', async () => {
    await expect(logIn(connect(url, null), password('wrong'))).rejects.toMatchObject({ kind: 'auth' });
  });

  it('says that it takes no cluster tokens', async () => {
    for (const secret of ['sha256~a-cluster-token', 'eyJhbGciOi.service-account.token']) {
      await expect(listKeys(connect(url, token(secret)))).rejects.toMatchObject({
        kind: 'auth',
        message: expect.stringContaining('does not take OpenShift tokens'),
      });
    }
  });
});

describe.runIf(openshiftUrl !== '')('a real server that takes cluster tokens', () => {
  it('takes the right one and refuses another', async () => {
    const right = token(env['LITELLM_OPENSHIFT_TOKEN'] ?? '');
    expect((await listKeys(connect(openshiftUrl, right), 'vkeys-auth-none')).keys).toEqual([]);
    await expect(listKeys(connect(openshiftUrl, token('sha256~of-nobody')))).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('oc whoami -t was refused'),
      hint: expect.stringContaining('oc login'),
    });
  });
});
