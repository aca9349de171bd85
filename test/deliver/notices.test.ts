import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProgramEnd } from '../../src/auth/run.ts';
import { addressNotices } from '../../src/deliver/reach.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import { rotationNotices } from '../../src/deliver/rotation.ts';
import { apiBaseUrl, serverUrl } from '../../src/litellm/http/url.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { desired } from '../support/make.ts';
import { HOST, deliver, delivererTo, dotenv, folder, handout, known, TO, sinkPorts } from './handouts.ts';

const CSV: Delivery = { to: 'csv', path: '/x.csv' };

function noticeFor(url: string, delivery = CSV): string | undefined {
  const api_endpoint = serverUrl(url);
  const addressed = { delivery, to: { api_endpoint, api_base_url: apiBaseUrl(api_endpoint) } };
  return addressNotices([addressed, addressed])[0]?.message;
}

describe('an address in hand-outs', () => {
  test.each([
    ['http://127.0.0.1:4000', 'is only this machine (loopback)'],
    ['http://localhost:4000/v1', 'is only this machine (loopback)'],
    ['http://app.localhost', 'is only this machine (loopback)'],
    ['http://0x7f.1', 'is only this machine (loopback)'],
    ['http://[::1]:4000', 'is only this machine (loopback)'],
    ['http://[::ffff:127.0.0.1]', 'is only this machine (loopback)'],
    ['http://litellm.ai.svc:4000', 'only programs in the same cluster reach'],
    ['http://litellm.ai.svc.cluster.local', 'only programs in the same cluster reach'],
    ['http://LiteLLM.local.', 'only your own network reaches'],
    ['https://litellm.corp.internal', 'only your own network reaches'],
    ['http://10.1.2.3', 'only your own network reaches (a private address)'],
    ['http://172.16.0.1', 'only your own network reaches (a private address)'],
    ['http://172.31.255.1', 'only your own network reaches (a private address)'],
    ['http://192.168.178.2', 'only your own network reaches (a private address)'],
    ['http://[fd12:3456::1]', 'only your own network reaches (a private address)'],
    ['http://[fe80::1]', 'only your own network reaches (a private address)'],
    ['http://litellm:4000', 'only your own network reaches (a name without a domain)'],
  ])('%s is told', (url, whose) => {
    expect(noticeFor(url)).toBe(`The hand-outs carry the address ${serverUrl(url)}, which ${whose}.`);
  });

  test.each([
    'https://litellm.example.com',
    'http://172.32.0.1',
    'http://11.0.0.1',
    'https://10.example.com',
    'https://internal.example.com',
    'https://localhost.example.com',
    'http://[2001:db8::1]',
    'http://[fc::1]',
  ])('%s is not', (url) => {
    expect(noticeFor(url)).toBeUndefined();
  });

  test('is told once, and only where it is carried', () => {
    const [local, to] = [
      dotenv('/a', { KEY: '{key}' }),
      { api_endpoint: 'http://a.svc', api_base_url: 'http://a.svc/v1' },
    ];
    expect(addressNotices([{ delivery: local, to }])).toEqual([]);
    expect(addressNotices([CSV, dotenv('/b'), local].map((delivery) => ({ delivery, to })))).toHaveLength(1);
  });
});

describe('a new hand-out in a Git work tree', () => {
  const wanted = ['ada', 'bob', 'eve'].map((user) => ({
    desired: known(handout(user)).desired,
    live: null,
    secret: null,
  }));
  const git = (at: string, ...argv: string[]): unknown => execFileSync('git', ['-C', at, ...argv], { stdio: 'pipe' });
  const messages = async (deliveries: readonly Delivery[]): Promise<readonly string[]> =>
    (await delivererTo(deliveries).check(wanted)).notices.map(({ message }) => message);

  test('that does not ignore it is told, once for a delivery', async () => {
    const at = await folder();
    git(at, 'init', '-q');
    await writeFile(join(at, '.gitignore'), 'secrets/\n*.csv\n');
    const [secrets, open] = [join(at, 'secrets', '{user}.env'), join(at, 'open', '{user}.env')];
    expect(await messages([dotenv(secrets), { to: 'csv', path: join(at, 'a.csv') }])).toEqual([]);
    expect(await messages([dotenv(secrets), dotenv(open), { to: 'json', path: join(at, 'open', 'a.json') }])).toEqual([
      `${join(at, 'open', 'ada.env')} and 3 more are in a Git work tree that does not ignore them: secrets are committed easily.`,
    ]);
    await deliver(
      [dotenv(open)],
      ['ada', 'bob', 'eve'].map((user) => handout(user)),
    );
    expect(await messages([dotenv(open)])).toEqual([]);
  });

  test('costs no program outside of one, and a few for hundreds of files', async () => {
    const at = await folder();
    const ran: string[] = [];
    const run = (command: string): Promise<ProgramEnd> => {
      ran.push(command);
      return Promise.resolve({ exitCode: null, stdout: '', stderr: '' });
    };
    const many = Array.from({ length: 300 }, (_, n) => known(handout(`u${String(n)}`)).desired);
    const check = async (): Promise<unknown> =>
      makeDeliverer(
        'lab',
        [{ delivery: dotenv(join(at, 'a', '{user}', '.env')), to: TO }],
        { host: HOST, files: [] },
        sinkPorts({ run }),
      ).check(many.map((each) => ({ desired: each, live: null, secret: null })));
    expect(await check()).toEqual({ refusals: [], notices: [] });
    expect(ran).toEqual([]);
    await mkdir(join(at, '.git'));
    expect(await check()).toEqual({ refusals: [], notices: [] });
    expect(ran).toEqual(['git']);
  });
});

test('a key that the server rotates by itself is told together with hand-outs', () => {
  const spec = (names: readonly string[], deliveries = [CSV]) => ({
    desired: [...names.map((name) => desired({ name, settings: { auto_rotate: true } })), desired()],
    deliver: deliveries,
  });
  expect(rotationNotices(spec(['a', 'b', 'c'])).map(({ message }) => message)).toEqual([
    'The server rotates a and 2 more by itself (auto_rotate) and tells nobody the new secret: the hand-outs will go stale.',
  ]);
  expect(rotationNotices(spec(['a']))).toMatchObject([{ ref: { name: 'a' } }]);
  expect(rotationNotices(spec(['a'], []))).toEqual([]);
  expect(rotationNotices(spec([]))).toEqual([]);
});
