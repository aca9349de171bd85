/**
 * Feeds targets in processes of their own, with a bounded heap and under watch: a crash, an endless loop and a full
 * heap end the process, and the input that was under way is known from its diary.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

export type Failure = {
  readonly kind: 'crash' | 'hang' | 'memory';
  /** With the seed, what makes the same input again. */
  readonly index: number;
  readonly input: unknown;
  readonly error: string;
};
export type Figures = {
  readonly inputs: number;
  readonly seconds: number;
  /** Milliseconds for the slowest input. */
  readonly slowest: number;
  /** Megabytes, of the whole process, at most. */
  readonly memory: number;
  readonly failures: readonly Failure[];
};
export type Range = { readonly seed: number; readonly from: number; readonly to: number };

/** Megabytes; a process of Node has 50 before it does anything. */
const HEAP = 230;
const PATIENCE = 15_000;
const ENOUGH = 5;

export type Feeder = {
  /** `patience`: milliseconds without a next input after which it will not come. */
  feed(target: string, range: Range, patience?: number): Promise<Figures>;
  close(): void;
};

/** Bundles the targets as the program is bundled. */
export async function makeFeeder(): Promise<Feeder> {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-fuzz-'));
  const program = join(folder, 'child.mjs');
  await build({
    entryPoints: [resolve('test/fuzz/child.ts')],
    outfile: program,
    bundle: true,
    external: ['@napi-rs/keyring'],
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
    alias: { yaml: resolve('node_modules/yaml/browser/dist/index.js') },
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
  });
  return {
    feed: (target, range, patience = PATIENCE) =>
      feed({ program, diary: join(folder, target.replaceAll(/\W/g, '-')), patience }, target, range),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

type Way = { readonly program: string; readonly diary: string; readonly patience: number };

/** Starts again behind an input that ended the process. */
async function feed(way: Way, target: string, { seed, from, to }: Range): Promise<Figures> {
  const started = performance.now();
  const failures: Failure[] = [];
  let [slowest, memory] = [0, 0];
  for (let next = from; next < to && failures.length < ENOUGH;) {
    const run = await once(way, [target, String(seed), String(next), String(to), way.diary]);
    failures.push(...run.failures);
    slowest = Math.max(slowest, run.slowest);
    memory = Math.max(memory, run.memory);
    next = run.next ?? to;
  }
  return { inputs: to - from, seconds: (performance.now() - started) / 1000, slowest, memory, failures };
}

type Run = Pick<Figures, 'slowest' | 'memory' | 'failures'> & { readonly next: number | null };

async function once({ program, diary, patience }: Way, args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [`--max-old-space-size=${String(HEAP)}`, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const ended = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  const failures: Failure[] = [];
  let end: { readonly slowest: number; readonly memory: number } | null = null;
  createInterface(child.stdout).on('line', (line) => {
    const said = JSON.parse(line);
    if (said.kind === 'end') end = said;
    else failures.push(said);
  });
  let [last, hung] = ['', false];
  const watch = setInterval(() => {
    const now = written(diary);
    if (now !== '' && now === last) {
      hung = true;
      child.kill('SIGKILL');
    }
    last = now;
  }, patience);
  await ended;
  clearInterval(watch);
  if (end !== null) return { ...(end as Pick<Run, 'slowest' | 'memory'>), failures, next: null };
  const { index = 0, input = null } = JSON.parse(written(diary) || '{}');
  const kind = hung ? 'hang' : stderr.includes('heap') ? 'memory' : 'crash';
  const error = hung ? `no end in ${String(patience)} ms` : stderr;
  return { slowest: 0, memory: 0, failures: [...failures, { kind, index, input, error }], next: index + 1 };
}

function written(diary: string): string {
  try {
    return readFileSync(diary, 'utf8');
  } catch {
    return '';
  }
}
