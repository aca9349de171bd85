/**
 * The recipes of `examples/` are run as a reader would: each `console` block of a recipe's README, command by command, in
 * a copy of its folder, in one shell, against one sandbox; what a command prints must be what the README shows. Only what is
 * never the same twice (secrets, hashes, moments, how long it took) is written alike first. `RECIPES=write` writes what was
 * printed into the README.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/process.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const recipes = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'README.md')));

/** A command, which may go on behind a `\` at the end of a line, and what is shown below it. */
type Step = { readonly command: string; readonly shown: string };

function stepsIn(block: string): readonly Step[] {
  const texts = block.split(/^\$ /m).slice(1);
  return texts.map((text) => {
    const lines = text.split('\n');
    const last = lines.findIndex((line) => !line.endsWith('\\'));
    return { command: lines.slice(0, last + 1).join('\n'), shown: lines.slice(last + 1).join('\n') };
  });
}

const BLOCK = /^```console\n(.*?)^```$/gms;

function blocksIn(readme: string): readonly (readonly Step[])[] {
  return [...readme.matchAll(BLOCK)].map(([, block = '']) => stepsIn(block));
}

/** What is never the same twice, written alike. */
function alike(text: string, url: string, folder: string): string {
  return text
    .replaceAll(url, 'https://litellm.example.com')
    .replaceAll(folder, '~/recipe')
    .replaceAll(/\bsk-(?!…)[\w-]{8,}/g, 'sk-…')
    .replaceAll(/\bsk-…[\w-]{4}/g, 'sk-…')
    .replaceAll(/\bsk-\.{3}[\w-]{4}/g, 'sk-...w4TQ')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '3f9c…')
    .replaceAll(/\d{4}-\d\d-\d\d(?:([T ])\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?/g, (_, between: string | undefined) =>
      between === undefined ? '2026-11-30' : `2026-11-30${between}08:00`,
    )
    .replaceAll(/\(in \d+ \w+\)/g, '(in 3 days)')
    .replaceAll(/\((?:now|[\d.]+ \w+ ago)\)/g, '(now)')
    .replaceAll(/\b\d+(?:\.\d+)? (?:s|ms)\b/g, '1.1 s');
}

const MARK = '\u0001';

/** What each command printed, in one shell, so that what one exports the next ones have. */
function perform(steps: readonly Step[], folder: string, url: string, key: string): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), 'vkeys-recipe-home-'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'vkeys'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, {
    mode: 0o755,
  });
  const script = steps.map(({ command }) => `printf '${MARK}'\n${command}\n`).join('');
  const { stdout } = spawnSync('bash', [], {
    cwd: folder,
    input: `exec 2>&1\n${script}`,
    encoding: 'utf8',
    env: {
      PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
      LITELLM_BASE_URL: url,
      LITELLM_MASTER_KEY: key,
    },
  });
  return stdout.split(MARK).slice(1);
}

type Served = { readonly url: string; readonly key: string; stop(): void };

async function serve(): Promise<Served> {
  const sandbox = spawn(process.execPath, [PROGRAM, 'sandbox', '--port', '0', '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    sandbox.once('exit', (code) => reject(new Error(`the sandbox ended with ${String(code)}`)));
    sandbox.stdout.setEncoding('utf8').once('data', resolve);
  });
  const { url, master_key } = JSON.parse(line) as { readonly url: string; readonly master_key: string };
  return { url, key: master_key, stop: () => sandbox.kill() };
}

describe.each(recipes)('examples/%s', (name) => {
  it('prints what its README shows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vkeys-recipe-'));
    cpSync(join(examples, name), folder, { recursive: true });
    const path = join(examples, name, 'README.md');
    const readme = readFileSync(path, 'utf8');
    const blocks = blocksIn(readme);
    const server = await serve();
    try {
      const printed = perform(blocks.flat(), folder, server.url, server.key).map((text) =>
        alike(text, server.url, folder).trimEnd(),
      );
      const shown = blocks.flat().map(({ command, shown: text }) => `$ ${command}\n${text}`.trimEnd());
      const made = blocks.flat().map(({ command }, index) => `$ ${command}\n${printed[index] ?? ''}`.trimEnd());
      if (process.env['RECIPES'] === 'write') {
        let at = 0;
        const written = readme.replaceAll(BLOCK, (_, block: string) => {
          const count = stepsIn(block).length;
          at += count;
          return `\`\`\`console\n${made.slice(at - count, at).join('\n')}\n\`\`\``;
        });
        writeFileSync(path, written);
      } else expect(made).toEqual(shown);
    } finally {
      server.stop();
    }
  });
});
