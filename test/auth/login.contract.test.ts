/** Against real servers: LITELLM_BASE_URL with a login, and LITELLM_OPENSHIFT_URL, which takes LITELLM_OPENSHIFT_TOKEN. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Credential, Password } from '../../src/auth/credential.ts';
import { explainRefusal } from '../../src/auth/refusal.ts';
import { endSession, logIn } from '../../src/auth/login.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { createTransport } from '../../src/litellm/http/transport.ts';
import { Secret } from '../../src/base/secret.ts';
import { connect } from '../support/make.ts';

const { env } = process;
const url = env['LITELLM_BASE_URL'] ?? '';
const openshiftUrl = env['LITELLM_OPENSHIFT_URL'] ?? '';
const list = (connection: Connection) =>
  keyStore(connection).survey({ ids: [], names: ['vkeys-auth-none'], all: false });
const transport = await createTransport({ insecure: false, connections: 2, env: {} });
afterAll(() => transport.close());

function connectTo(server: string, credential: Credential | null): Connection {
  return connect(transport.fetch, {
    url: server,
    secret: credential?.secret ?? null,
    timeout: 30_000,
    now: () => new Date(),
    refused: (problem) => explainRefusal(problem, credential ?? { kind: 'login', source: 'nothing' }, server),
  });
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
    const session = await logIn(connectTo(url, null), password(right));
    expect(session.user_role).toBe('proxy_admin');
    const connection = connectTo(url, { kind: 'login', source: 'a session', secret: session.secret });
    expect((await list(connection)).lives.filter(({ name }) => name === 'vkeys-auth-none')).toEqual([]);
    const row = await keyStore(connection).get(session.secret.hash());
    expect(row?.expires ?? null).not.toBeNull();
    await endSession(connection, session);
    await expect(list(connection)).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringMatching(/^The session of a session was refused/),
    });
    await endSession(connection, session);
  });

  it('refuses a wrong password', async () => {
    await expect(logIn(connectTo(url, null), password('wrong'))).rejects.toMatchObject({ kind: 'auth' });
  });

  it('says that it takes no cluster tokens', async () => {
    for (const secret of ['sha256~a-cluster-token', 'eyJhbGciOi.service-account.token']) {
      await expect(list(connectTo(url, token(secret)))).rejects.toMatchObject({
        kind: 'auth',
        message: expect.stringContaining('does not take OpenShift tokens'),
      });
    }
  });
});

describe.runIf(openshiftUrl !== '')('a real server that takes cluster tokens', () => {
  it('takes the right one and refuses another', async () => {
    const right = token(env['LITELLM_OPENSHIFT_TOKEN'] ?? '');
    await list(connectTo(openshiftUrl, right));
    await expect(list(connectTo(openshiftUrl, token('sha256~of-nobody')))).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('oc whoami -t was refused'),
      hint: expect.stringContaining('oc login'),
    });
  });
});
