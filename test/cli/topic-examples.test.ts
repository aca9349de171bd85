/** Every command that a topic shows, run by a shell, against a sandbox that is served; and the README's spec. */
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicPage, isTopic } from '../../src/cli/topics.ts';
import { makeProgram } from '../../src/cli/program.ts';
import type { Console } from '../../src/cli/console.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { serveSandbox, type RunningSandbox } from '../../src/sandbox/serve.ts';
import { starterOf } from '../../src/spec/starter.ts';
import { TOPICS } from '../../src/view/topics.ts';
import { PROGRAM } from '../support/process.ts';
import { makeHome } from '../support/run.ts';
import { MASTER_KEY } from '../support/server.ts';

const isWindows = process.platform === 'win32';
const isMissing = (program: string): boolean => spawnSync(program, ['--version']).error !== undefined;
const missing = ['jq', 'age-keygen'].filter(isMissing);
const { program } = makeProgram({ code: 0, console: { stdout: {}, stderr: {} } as Console }, () => undefined);

type Example = { readonly topic: string; readonly script: string };

/** What is typed, and what a pipeline's file says that is run. */
async function examplesOf(topic: string): Promise<readonly string[]> {
  if (!isTopic(topic)) return [];
  const { blocks } = await topicPage(topic, program);
  return blocks.flatMap((block) => {
    if (block.is === 'shell') return [block.text];
    if (block.is !== 'listing') return [];
    if (/^(?:version|apiVersion):/.test(block.text))
      return [`cat > example.yaml <<'END'\n${block.text}\nEND\nvkeys validate -f example.yaml`];
    return [...block.text.matchAll(/^\s+(?:- )?run: (vkeys .*)$/gm)].map(([, line = '']) => line);
  });
}

const examples = (
  await Promise.all(
    Object.keys(TOPICS).map(async (topic) => (await examplesOf(topic)).map((script): Example => ({ topic, script }))),
  )
).flat();

describe.skipIf(isWindows).each([...new Set(examples.map(({ topic }) => topic))])('vkeys help %s', (topic) => {
  let sandbox: RunningSandbox;
  let folder: string;

  beforeAll(async () => {
    sandbox = await serveSandbox(createSandbox({ now: () => new Date(), masterKey: MASTER_KEY }), 0);
    folder = placeFor(sandbox.url);
  });
  afterAll(() => sandbox.close());

  for (const { script } of examples.filter((each) => each.topic === topic))
    it.skipIf(missing.some((name) => script.includes(name)))(titleOf(script), async () => {
      const { code, said } = await runIn(folder, sandbox.url, script);
      expect({ code, said }).toEqual({ code: 0, said: expect.not.stringContaining('error:') });
    });
});

it("the README's spec is sound", async () => {
  const home = makeHome();
  const [, spec = ''] =
    /^```yaml\n(.*?)^```/ms.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')) ?? [];
  writeFileSync(join(home.folder, 'vkeys.yaml'), spec);
  copyFileSync(new URL('../../examples/attendees.csv', import.meta.url), join(home.folder, 'attendees.csv'));
  expect(await home.vkeys('validate -f vkeys.yaml')).toMatchObject({ code: 0 });
});

/** The first command of it. */
function titleOf(script: string): string {
  return /^.*(?:vkeys|age-keygen) .*$/m.exec(script)?.[0] ?? script;
}

/** A folder with what the topics take for granted: the starter, rules, people, the master key in a file and in `pass`. */
function placeFor(url: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-topics-'));
  mkdirSync(join(folder, 'bin'));
  const command = (name: string, line: string): void =>
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  command('vkeys', `exec '${process.execPath}' '${PROGRAM}' "$@"`);
  command('kubectl', `cat '${folder}/resources.yaml'`);
  writeFileSync(join(folder, 'resources.yaml'), RESOURCES);
  command('pass', `echo ${MASTER_KEY}`);
  writeFileSync(join(folder, 'master.key'), `${MASTER_KEY}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'litellm.env'), `LITELLM_BASE_URL=${url}\n`);
  writeFileSync(join(folder, 'rules.yaml'), 'rules: { keys: { ends_within: 90d } }\n');
  writeFileSync(join(folder, 'people.csv'), 'Login,E-Mail,Lab\nada,ada@x.de,a\ngrace,grace@x.de,b\n');
  writeFileSync(join(folder, 'vkeys.yaml'), starterOf('lab', { now: new Date(), zone: 'UTC' }));
  return folder;
}

const RESOURCES = `apiVersion: auth.litellm.ai/v1alpha1
kind: VirtualKey
metadata: { name: svc }
spec: { keyAlias: svc, models: [gpt-4o-mini] }
`;

/** Ends as a pipeline would: at the first line that fails. */
function runIn(folder: string, url: string, script: string): Promise<{ readonly code: number; readonly said: string }> {
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    LITELLM_BASE_URL: url,
    LITELLM_MASTER_KEY: MASTER_KEY,
    CI_JOB_ID: '7',
    GITHUB_ENV: join(folder, 'github.env'),
  };
  const lines = script.replaceAll('https://litellm.example.com', url);
  return new Promise((resolve) => {
    execFile('sh', ['-ec', lines], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}
