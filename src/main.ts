/** The one file that touches the process: it builds the World, runs the command, and sets the exit code. */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import envPaths from 'env-paths';
import { VERSION } from './cli/version.ts';
import type { Output, World } from './cli/world.ts';
import { VkeysError } from './errors.ts';

/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const stop = new AbortController();
const abort = new AbortController();

for (const [signal, exitCode] of Object.entries(SIGNALS)) {
  process.on(signal, () => {
    const interrupted = new VkeysError(
      'interrupted',
      'Interrupted.',
      'Run the same command again: it goes on where it stopped.',
      { details: { exitCode } },
    );
    if (stop.signal.aborted) abort.abort(interrupted);
    else stop.abort(interrupted);
  });
}

/** A reader that has gone away (`| head`) ends the writing, not the work. */
function output(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTTY: stream.isTTY,
    columns: stream.isTTY ? stream.columns : null,
    write: (text) => void stream.write(text),
  };
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question, { signal: stop.signal });
  } finally {
    prompt.close();
  }
}

/** The terminal echoes nothing in raw mode, so what is typed stays unseen. */
async function askSecret(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  process.stderr.write(question);
  const prompt = createInterface({
    input: process.stdin,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: true,
  });
  try {
    return await prompt.question('', { signal: stop.signal });
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function folders(): World['folders'] {
  const { config, log } = envPaths('vkeys', { suffix: '' });
  const state = process.env['XDG_STATE_HOME'];
  return { config, state: state === undefined || state === '' ? log : `${state}/vkeys` };
}

const world: World = {
  env: process.env,
  cwd: process.cwd(),
  stdin: {
    get isTTY() {
      return process.stdin.isTTY;
    },
    read: () => readAll(process.stdin),
  },
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  folders: folders(),
  self: { pid: process.pid, host: hostname() },
  isAlive,
  now: () => new Date(),
  random: Math.random,
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
  stop: stop.signal,
  abort: abort.signal,
  ask,
  askSecret,
  transport: async (options) => (await import('./litellm/transport.ts')).createTransport(options),
  run: async (command, args) => (await import('./auth/run.ts')).runProgram(command, args),
};

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  /* What scripts ask most is answered without loading the program. */
  world.stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import('./cli/program.ts');
  process.exitCode = await run(argv, world);
}
