/** The one file that touches the process: it builds the World, runs the command, and sets the exit code. */
import { setMaxListeners } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import type { Interface } from 'node:readline/promises';
import { addAbortSignal } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { startAttaching } from './auth/attaching.ts';
import { foldersOf, type Folders } from './base/folders.ts';
import { VERSION } from './base/release.ts';
import type { Console, Output } from './cli/console.ts';
import { Interrupted, SIGNALS } from './base/errors.ts';

/* As many requests as are under way wait for one signal, which Node takes for a leak, and warns of. */
setMaxListeners(0);

const stop = new AbortController();
const abort = new AbortController();

const attaching = startAttaching({
  signals: process,
  isAtTerminal: () => [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY),
  stop: stop.signal,
});

for (const [signal, exitCode] of Object.entries(SIGNALS))
  process.on(signal, (name: NodeJS.Signals) => {
    if (!attaching.heard(name)) interrupt(exitCode);
  });

function interrupt(exitCode: number): void {
  const interrupted = new Interrupted(exitCode);
  /* What a cut leaves is settled by the next run, wherever it comes. */
  if (abort.signal.aborted) process.exit(exitCode);
  if (stop.signal.aborted) abort.abort(interrupted);
  else stop.abort(interrupted);
}

/** Why the result could not be written, where somebody waits for it. */
let unwritten: Error | null = null;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!hasGone(error, process.stdout)) unwritten ??= error;
});
process.stderr.on('error', () => undefined);

/** A reader that has gone away (`| head`, a terminal that was closed) ends the writing, not the work. */
function hasGone({ code }: NodeJS.ErrnoException, { isTTY }: NodeJS.WriteStream): boolean {
  return code === 'EPIPE' || (isTTY && code === 'EIO');
}

/** Terminals of containers often say that they have no columns. */
const USUAL_WIDTH = 80;

/** Resolves when the last that was written has arrived, or has failed. */
let written = Promise.resolve();

function outputTo(stream: NodeJS.WriteStream): Output {
  let failure: Error | null = null;
  return {
    isTTY: stream.isTTY,
    columns: stream.isTTY ? stream.columns || USUAL_WIDTH : null,
    write: (text) => {
      written = new Promise((resolve) => {
        stream.write(text, (error) => {
          failure ??= error ?? null;
          resolve();
        });
      });
    },
    arrived: async () => {
      await written;
      return failure;
    },
  };
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(stop.signal, stream)) chunks.push(chunk);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  }
  const bytes = Buffer.concat(chunks);
  const { decodeText } = await import('./base/decode.ts');
  const text = decodeText(bytes);
  return typeof text === 'string' ? text : bytes.toString('utf8');
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  return answerTo(question, createInterface({ input: process.stdin, output: process.stderr }));
}

/** The terminal echoes nothing in raw mode, so what is typed stays unseen. */
async function askSecret(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await answerTo('', createInterface({ input: process.stdin, output, terminal: true }));
  } finally {
    process.stderr.write('\n');
  }
}

/** Nothing, where the input ends (Ctrl-D, a terminal that was closed). Ctrl-C is a key here, not a signal. */
async function answerTo(question: string, prompt: Interface): Promise<string> {
  prompt.on('SIGINT', () => interrupt(SIGNALS.SIGINT)).on('error', () => undefined);
  const end = new Promise<string>((resolve) => {
    prompt.once('close', () => resolve(''));
  });
  try {
    return await Promise.race([prompt.question(question, { signal: stop.signal }), end]);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    if (error instanceof Error && error.name === 'AbortError') return '';
    throw error;
  } finally {
    prompt.close();
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

/** In a container there may be no home, or that of the user who made the image: nothing of this user's can be in it. */
function folders(): Folders {
  const { state, config, home: own } = foldersOf(process.platform, process.env, home());
  return { state: open(state), config: open(config), home: own };
}

function home(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** In a container the number of a user may have no name. */
function user(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

function open(folder: string | null): string | null {
  try {
    if (folder !== null) accessSync(folder, constants.R_OK);
    return folder;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? null : folder;
  }
}

const world: Console = {
  env: process.env,
  cwd: process.cwd(),
  stdin: {
    get isTTY() {
      return process.stdin.isTTY;
    },
    read: () => readAll(process.stdin),
  },
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  folders: folders(),
  self: { pid: process.pid, host: hostname(), command: '' },
  user,
  isAlive,
  /* The time at which the process began, and what passed since: a clock that is set meanwhile moves no end of a key. */
  now: () => new Date(performance.timeOrigin + performance.now()),
  random: Math.random,
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds).unref();
    return () => clearInterval(timer);
  },
  stop: stop.signal,
  abort: abort.signal,
  ask,
  askSecret,
  transport: async (options) => (await import('./litellm/http/transport.ts')).createTransport(options),
  run: async (...program) => (await import('./auth/run.ts')).runProgram(...program),
  attach: attaching.attach,
};

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  /* What scripts ask most is answered without loading the program. */
  world.stdout.write(`${VERSION}\n`);
} else {
  const code = await answer();
  await written;
  process.exitCode = unwritten === null ? code : await reportUnwritten(unwritten, code);
  /* Node crashes when it sets a terminal right that is gone. So this ends as the signal would have ended it. */
  if (code === SIGNALS.SIGHUP && (process.stdin.isTTY || process.stderr.isTTY)) {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
}

/** The exit code. A client that asks for its key waits for it, so that is answered without the program too, where that can be. */
async function answer(): Promise<number> {
  if (argv[0] === 'token') {
    const { quickToken } = await import('./cli/quick-token.ts');
    const secret = await quickToken(argv.slice(1), world);
    if (secret !== null) world.stdout.write(`${secret}\n`);
    if (secret !== null) return 0;
  }
  const { run } = await import('./cli/program.ts');
  return run(argv, world);
}

async function reportUnwritten(cause: Error, exitCode: number): Promise<number> {
  const [{ report }, { UnprintedError }] = await Promise.all([import('./cli/failure.ts'), import('./cli/exit.ts')]);
  return report(new UnprintedError(cause, exitCode), world, { argv, started: world.now(), isPrinted: true });
}
