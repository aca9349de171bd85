/**
 * The programs that `use:` names, where they are installed, against servers that answer as theirs do. Those that start for
 * seconds are tried with TEST_PROGRAMS=all.
 */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/auth/run.ts';
import type { Run } from '../../src/deliver/sink.ts';
import { Secret } from '../../src/base/secret.ts';
import { load } from '../spec/load.ts';
import { folder, gone, handout, known } from './handouts.ts';
import { delivererBy } from './programs.ts';
import { standInGitHub, standInSecretManager, standInSecretsManager, type StandIn } from './stand-ins.ts';

const SECRET = 'sk-ada-0123456789-abcdefghij';
const ada = handout('ada', { secret: new Secret(SECRET) });
const KEYS = 'keys: [{ key_alias: lab-ada, roster: [ada] }]\n';

type Case = {
  readonly program: string;
  readonly item: string;
  readonly server: () => Promise<StandIn>;
  readonly env: (url: string) => Readonly<Record<string, string>>;
  readonly name: string;
};

const GITHUB = {
  program: 'gh',
  server: standInGitHub,
  env: (url: string) => ({ GH_HOST: 'github.localhost', GH_TOKEN: 'x', HTTP_PROXY: url }),
};
const CASES: readonly Case[] = [
  { ...GITHUB, item: 'use: gh, name: KEY, repo: "acme/{user}"', name: '/repos/acme/ada/actions/secrets/KEY' },
  {
    ...GITHUB,
    item: 'use: gh, name: KEY, repo: acme/app, environment: "{user}"',
    name: '/repos/acme/app/environments/ada/secrets/KEY',
  },
  {
    ...GITHUB,
    item: 'use: gh, name: "KEY_{user}", org: acme, visibility: all',
    name: '/orgs/acme/actions/secrets/KEY_ada',
  },
  {
    program: 'aws',
    item: 'use: aws, secret-id: "llm/{user}"',
    server: standInSecretsManager,
    env: (url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_DEFAULT_REGION: 'eu-central-1',
    }),
    name: 'llm/ada',
  },
  {
    program: 'gcloud',
    item: 'use: gcloud, secret: "llm-{user}", project: p',
    server: standInSecretManager,
    env: (url) => ({
      CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: `${url}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    }),
    name: 'llm-ada',
  },
];

test.for(CASES)('$item', async ({ program, item, server, env, name }, { skip }) => {
  const isAsked = program === 'gh' || process.env['TEST_PROGRAMS'] === 'all';
  skip(!isAsked || spawnSync('which', [program]).status !== 0, `no ${program}`);
  const { specs, problems } = await load(`${KEYS}deliver: [{ command: { ${item} } }]`);
  expect(problems).toBe('');
  const found = specs[0]?.deliver[0];
  if (found === undefined) throw new Error('no delivery');
  const { spec: _, ...delivery } = found;
  const { url, kept } = await server();
  const home = await folder();
  const run: Run = (command, args, input) =>
    runProgram(command, args, { ...input, env: { ...input?.env, HOME: home, CLOUDSDK_CONFIG: home, ...env(url) } });
  const deliverer = (...all: readonly (typeof delivery)[]) => delivererBy(run, ...all);

  expect((await deliverer(delivery).check([known(ada)])).refusals).toEqual([]);
  expect(kept.size).toBe(0);
  const { placed, failed } = await deliverer(delivery).put([known(ada)]);
  expect([...failed.values()].map(({ message }) => message)).toEqual([]);
  expect([...kept]).toEqual([[name, SECRET]]);
  const places = placed.get(ada.key_id) ?? [];
  expect((await deliverer(delivery).stale([known(ada, places)], [])).put).toEqual([]);
  const anew = handout('ada', { secret: new Secret(`${SECRET}-anew`) });
  const replaced = await deliverer(delivery).put([known(anew)]);
  expect([...kept]).toEqual([[name, `${SECRET}-anew`]]);
  const left = gone(anew, replaced.placed.get(anew.key_id), false);
  expect((await deliverer().remove([left])).failed.size).toBe(0);
  expect(kept.size).toBe(0);
  expect((await deliverer().remove([left])).failed.size).toBe(0);
});
