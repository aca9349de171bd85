import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { serveSandbox, type RunningSandbox } from '../../sandbox/serve.ts';
import { NEWEST, SANDBOX_VERSIONS, type SandboxVersion } from '../../sandbox/versions.ts';
import type { Console } from '../console.ts';
import { emitContent, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { SANDBOX_KEY } from '../../run/server-credential.ts';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { isErrno } from '../../base/files.ts';

export const examples = [
  'vkeys sandbox',
  'vkeys sandbox --port 0 --as 1.83.14',
  'vkeys sandbox --port 0 -o env > sandbox.env',
];

export function flags(command: Command) {
  return command
    .option('--port <port>', 'the port', '4000')
    .option('--as <version>', 'behave like this version of LiteLLM');
}

/** Serves the sandbox until it is interrupted. */
export async function action(console: Console, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'env']);
  const started = console.now();
  const version = await versionOf(options.as);
  const served = await serve(console, version, SANDBOX_KEY, portOf(options.port));
  if (format === 'json' || format === 'yaml') {
    const more = { url: served.url, master_key: SANDBOX_KEY, litellm: version };
    await emitContent(console, options, format, { started, more });
  } else if (format === 'env')
    console.stdout.write(`LITELLM_BASE_URL=${served.url}\nLITELLM_MASTER_KEY=${SANDBOX_KEY}\n`);
  else {
    console.stdout.write(`A sandbox that behaves like LiteLLM ${version} is at ${served.url}. In another terminal:

  export LITELLM_BASE_URL=${served.url} LITELLM_MASTER_KEY=${SANDBOX_KEY}
  vkeys create --alias me --duration 8h

Its keys are in memory and gone when it stops. Stop it with Ctrl-C.\n`);
  }
  if (!console.stop.aborted) {
    await new Promise<void>((resolve) => {
      console.stop.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await served.close();
  return 0;
}

async function serve(
  { now, randomBytes }: Console,
  version: SandboxVersion,
  masterKey: string,
  port: number,
): Promise<RunningSandbox> {
  try {
    const id = Buffer.from(randomBytes(8)).toString('hex');
    return await serveSandbox(createSandbox({ version, now, masterKey, id }), port);
  } catch (error) {
    if (!isErrno(error, 'EADDRINUSE')) throw error;
    throw new VkeysError(
      'usage',
      `Port ${String(port)} of 127.0.0.1 is taken.`,
      'Choose another with --port, or a free one with --port 0.',
    );
  }
}

async function versionOf(asked: string | undefined): Promise<SandboxVersion> {
  if (asked === undefined) return NEWEST;
  const known = SANDBOX_VERSIONS.find((version) => version === asked);
  if (known !== undefined) return known;
  throw new VkeysError('usage', `The sandbox cannot behave like ${asked}.`, `It knows ${SANDBOX_VERSIONS.join(', ')}.`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port <= 65_535) return port;
  throw new VkeysError('usage', `${text} is no port.`, 'A port is a number from 0 (any free one) to 65535.');
}
