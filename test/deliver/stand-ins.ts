/** Servers of the programs that `use:` names, as far as those programs ask them. */
import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blake2b } from '@noble/hashes/blake2.js';
import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { onTestFinished } from 'vitest';

export type StandIn = {
  readonly url: string;
  /** What it keeps, by name. */
  readonly kept: ReadonlyMap<string, string>;
  /** Method and path of each request. */
  readonly requests: readonly string[];
};
type Asked = { readonly method: string; readonly path: string; readonly headers: Headers; readonly body: string };
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
type Answer = readonly [status: number, body?: object];

/** Ends with the test. */
async function serve(kept: Map<string, string>, answer: (asked: Asked) => Answer): Promise<StandIn> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const path = url.replace(/^https?:\/\/[^/]+/, '');
      requests.push(`${method} ${path}`);
      const [status, value] = answer({ method, path, headers, body });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(value === undefined ? '' : JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, kept, requests };
}

/** docs.github.com/rest/actions/secrets: what comes is sealed (libsodium's crypto_box_seal) to the key of the repository. */
export async function standInGitHub(): Promise<StandIn> {
  const kept = new Map<string, string>();
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return serve(kept, ({ method, path, body }) => {
    if (path.endsWith('/public-key'))
      return [200, { key_id: '1', key: Buffer.from(rawOf(publicKey)).toString('base64') }];
    if (method === 'PUT') {
      const isNew = !kept.has(path);
      kept.set(path, unsealed(JSON.parse(body).encrypted_value as string, privateKey));
      return isNew ? [201, {}] : [204];
    }
    if (!kept.has(path)) return [404, { message: 'Not Found' }];
    if (method === 'DELETE') kept.delete(path);
    return method === 'DELETE' ? [204] : [200, { name: path.split('/').at(-1) }];
  });
}

const DER_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

function rawOf(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' }).subarray(DER_HEAD.length);
}

function unsealed(text: string, privateKey: KeyObject): string {
  const bytes = Buffer.from(text, 'base64');
  const theirs = bytes.subarray(0, 32);
  const ours = rawOf(createPublicKey(createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))));
  const publicKey = createPublicKey({ key: Buffer.concat([DER_HEAD, theirs]), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey, publicKey });
  const key = new Uint32Array(8);
  const words = (raw: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(raw).buffer);
  hsalsa(words(Buffer.from('expand 32-byte k')), words(shared), new Uint32Array(4), key);
  const nonce = blake2b(Buffer.concat([theirs, ours]), { dkLen: 24 });
  return Buffer.from(xsalsa20poly1305(new Uint8Array(key.buffer), nonce).decrypt(bytes.subarray(32))).toString();
}

/** docs.aws.amazon.com/secretsmanager/latest/apireference. */
export async function standInSecretsManager(): Promise<StandIn> {
  const kept = new Map<string, string>();
  return serve(kept, ({ headers, body }) => {
    const action = String(headers['x-amz-target']).split('.').at(-1);
    const { Name, SecretId, SecretString } = JSON.parse(body) as Readonly<Record<string, string>>;
    const name = Name ?? SecretId ?? '';
    const found = { ARN: `arn:aws:secretsmanager:eu-central-1:1:secret:${name}`, Name: name };
    if (action === 'CreateSecret' || (action === 'PutSecretValue' && kept.has(name)))
      kept.set(name, SecretString ?? '');
    if (!kept.has(name))
      return [400, { __type: 'ResourceNotFoundException', message: "can't find the specified secret." }];
    if (action === 'GetSecretValue') return [200, { ...found, SecretString: kept.get(name) }];
    if (action === 'DeleteSecret') kept.delete(name);
    return [200, found];
  });
}

/** cloud.google.com/secret-manager/docs/reference/rest. */
export async function standInSecretManager(): Promise<StandIn> {
  const kept = new Map<string, string>();
  return serve(kept, ({ method, path, body }) => {
    const [, name = '', verb] = /^\/v1\/projects\/[^/]+\/secrets\/([^/:?]+)(.*?)(?:\?|$)/.exec(path) ?? [];
    const made = /[?&]secretId=([^&]+)/.exec(path)?.[1];
    if (made !== undefined) {
      kept.set(made, '');
      return [200, { name: `projects/1/secrets/${made}` }];
    }
    if (verb === ':addVersion' && kept.has(name)) {
      const { payload } = JSON.parse(body) as { readonly payload: { readonly data: string } };
      kept.set(name, Buffer.from(payload.data, 'base64url').toString());
      return [200, { name: `projects/1/secrets/${name}/versions/1` }];
    }
    const text = kept.get(name);
    if (text === undefined)
      return [
        404,
        { error: { code: 404, status: 'NOT_FOUND', message: `Secret [projects/1/secrets/${name}] not found.` } },
      ];
    if (method === 'DELETE') kept.delete(name);
    if (verb === '/versions/latest:access')
      return [
        200,
        { name: `projects/1/secrets/${name}/versions/1`, payload: { data: Buffer.from(text).toString('base64') } },
      ];
    return [200, {}];
  });
}
