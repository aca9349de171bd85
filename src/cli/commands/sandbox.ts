import { VkeysError } from '../../base/errors.ts';
import { isErrno } from '../../base/files.ts';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { serveSandbox, type RunningSandbox } from '../../sandbox/serve.ts';
import { NEWEST, SANDBOX_VERSIONS, type SandboxVersion } from '../../sandbox/versions.ts';
import type { Globals } from '../options.ts';
import { formatAmong } from '../output.ts';
import { SANDBOX_KEY } from '../../run/open.ts';
import type { World } from '../../run/world.ts';

export type SandboxOptions = { readonly port: string; readonly as?: string } & Globals;

/** Serves the sandbox until it is interrupted. */
export async function sandbox(world: World, options: SandboxOptions): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'env']);
  const version = versionOf(options.as);
  const served = await serve(world, version, portOf(options.port));
  const address = { url: served.url, master_key: SANDBOX_KEY, version };
  if (format === 'json') world.stdout.write(`${JSON.stringify(address)}\n`);
  else if (format === 'env') world.stdout.write(`LITELLM_BASE_URL=${served.url}\nLITELLM_MASTER_KEY=${SANDBOX_KEY}\n`);
  else {
    world.stdout.write(`A sandbox that behaves like LiteLLM ${version} is at ${served.url}. In another terminal:

  export LITELLM_BASE_URL=${served.url} LITELLM_MASTER_KEY=${SANDBOX_KEY}
  vkeys create --alias me --duration 8h

Its keys are in memory and gone when it stops. Stop it with Ctrl-C.\n`);
  }
  await new Promise<void>((resolve) => {
    world.stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  return 0;
}

async function serve(world: World, version: SandboxVersion, port: number): Promise<RunningSandbox> {
  try {
    return await serveSandbox(createSandbox({ version, now: world.now, masterKey: SANDBOX_KEY }), port);
  } catch (error) {
    if (!isErrno(error, 'EADDRINUSE')) throw error;
    throw new VkeysError(
      'usage',
      `Port ${String(port)} of 127.0.0.1 is taken.`,
      'Choose another with --port, or a free one with --port 0.',
    );
  }
}

function versionOf(asked: string | undefined): SandboxVersion {
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
