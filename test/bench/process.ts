/** Whole processes, from start to exit, with what they took: what a user waits for, not what a function takes. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export type Spent = {
  readonly code: number | null;
  readonly milliseconds: number;
  /** The largest memory of the process in MB, where that was asked for. */
  readonly megabytes: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Program = {
  /** Options of Node, the script and its arguments. */
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly weigh?: boolean;
};

/** Writes the high-water mark to descriptor 3 at the end. Where Linux tells it, without what the parent weighed at the fork. */
const SCALES = `import{readFileSync as r,writeSync as w}from'node:fs';process.on('exit',()=>{let k;
try{k=+/VmHWM:\\s+(\\d+)/.exec(r('/proc/self/status','utf8'))[1]}catch{k=process.resourceUsage().maxRSS}w(3,String(k/1024))})`;

/** What this process was given, without what vkeys would read. */
const INHERITED = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LITELLM|VKEYS|XDG)_/.test(name)),
);

/** Runs a program of Node to its end, in this process's environment: what that costs, both sides of a ratio pay. */
export async function run({ argv, cwd, env = {}, weigh = false }: Program): Promise<Spent> {
  const scales = weigh ? ['--import', `data:text/javascript,${encodeURIComponent(SCALES)}`] : [];
  const started = performance.now();
  const child = spawn(process.execPath, [...scales, ...argv], {
    cwd,
    env: { ...INHERITED, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const said = ['', '', '', ''];
  for (const number of [1, 2, 3]) {
    child.stdio[number]?.on('data', (chunk: Buffer) => {
      said[number] += chunk.toString();
    });
  }
  const exited = new Promise<number>((resolve) => child.once('exit', () => resolve(performance.now())));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const [, stdout = '', stderr = '', weight = ''] = said;
  const megabytes = weight === '' ? null : Number(weight);
  return { code, milliseconds: (await exited) - started, megabytes, stdout, stderr };
}

/** As `run`; rejects with what was said when the program does not end with 0. */
export async function succeed(program: Program): Promise<Spent> {
  const spent = await run(program);
  if (spent.code === 0) return spent;
  throw new Error(`${program.argv.join(' ')} ended with ${String(spent.code)}:\n${spent.stdout}${spent.stderr}`);
}
