/** A hostile server cannot make the client write, print or run what nobody asked for, nor keep it for ever. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { start } from '../support/process.ts';
import { MASTER_KEY } from '../support/run.ts';
import { TABLE } from './hostile-answers.ts';
import { runAgainst, serveHostile } from './hostile-server.ts';
import { UNSAFE } from './target.ts';

const SPEC = 'set: ws\nkeys: [{ key_alias: ada, max_budget: 5 }]\ndeliver: [{ dotenv: "secrets/{key_alias}.env" }]\n';
/** Answers of megabytes, which one command reads as well as another. */
const HEAVY = new Set([
  'brackets without end',
  'a million empty lists',
  'a body without end',
  'an error page of brackets',
  'an error of half tokens',
  'an error of styles',
]);
/** Run against every answer but those besides its own command. */
const OTHERS = ['list -o csv', 'get ada -o yaml', 'apply -f spec.yaml --yes --adopt'];
/** Milliseconds that a pause lasts, where it is not what is tried. */
const PAUSE = 20;
/** For what would take for ever. */
const SHORT = ['--timeout', '0.3', '--deadline', '0.6'];
const ENDLESS = new Set([
  'a secret of two lines',
  'a creation that is none',
  'a drip',
  'no answer',
  'promises of an answer without end',
  'a wait of thirty years',
]);

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-hostile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'spec.yaml'), SPEC);
  return folder;
}

describe('a process with little memory', () => {
  test.each(TABLE.filter(([what]) => HEAVY.has(what)))(
    'survives %s',
    async (_what, route, answer, command, code, said) => {
      const { url } = await serveHostile(route, answer);
      const env = {
        LITELLM_BASE_URL: url,
        LITELLM_MASTER_KEY: MASTER_KEY,
        HOME: home(),
        NODE_OPTIONS: '--max-old-space-size=100',
      };
      const ended = await start([...command.split(' '), '--deadline', '50'], { cwd: env.HOME, env }).ended;
      expect(ended).toMatchObject({ code, stderr: expect.stringMatching(said) });
    },
  );
});

describe('a server that answers with', () => {
  test.each(TABLE)('%s', async (what, route, answer, command, code, said) => {
    const folder = home();
    const isEndless = ENDLESS.has(what);
    for (const line of isEndless || HEAVY.has(what) ? [command] : [command, ...OTHERS]) {
      const { url } = await serveHostile(route, answer);
      const argv = [...line.split(' '), ...(isEndless ? SHORT : [])];
      const seen = await runAgainst(url, folder, argv, isEndless ? Infinity : PAUSE);
      const words = seen.stdout + seen.stderr;
      expect(words, line).not.toMatch(/This is a bug/);
      expect(words, line).not.toMatch(UNSAFE);
      expect(words.includes(MASTER_KEY) || words.includes('somebody-elses'), words).toBe(false);
      expect(readdirSync(folder).filter((name) => !['spec.yaml', 'state', 'secrets'].includes(name))).toEqual([]);
      expect('polluted' in {}).toBe(false);
      if (line !== command) continue;
      expect(words).toMatch(said);
      expect({ code: seen.code, words }).toEqual({ code, words });
    }
  });
});

test('a server with pages without end is told to have shown less than it has', async () => {
  const [, route = '', answer] = TABLE.find(([each]) => each === 'pages without end') ?? [];
  if (answer === undefined) throw new Error(route);
  const { url } = await serveHostile(route, answer);
  const seen = await runAgainst(url, home(), ['list'], PAUSE);
  expect(seen.stderr).toContain('stayed incomplete');
});
