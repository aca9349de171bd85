/** Keys as variables: the same for every command that prints some. */
import type { Client } from '../encode/clients.ts';
import type { EnvKey } from '../view/env.ts';
import type { Console } from './console.ts';
import { say } from './say.ts';

type Flags = { readonly for?: Client | undefined; readonly quiet?: true | undefined };

/** Prints them, and says beside the result what the client wants beside them. Throws `usage` when two keys make the same name. */
export async function printEnv(
  console: Console,
  flags: Flags,
  keys: readonly EnvKey[],
  api_base_url: string,
): Promise<void> {
  const { besideText, envText } = await import('../view/env.ts');
  console.stdout.write(envText(keys, api_base_url, flags.for));
  const beside = flags.for === undefined || keys.length === 0 ? null : await besideText(keys, api_base_url, flags.for);
  if (beside !== null) say(console, flags, beside);
}
