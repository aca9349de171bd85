import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { Console } from './console.ts';

/** The one secret on standard input, or one that is typed unseen. `command`: what takes it. Throws `usage`. */
export async function keyOnStdin({ stdin, askSecret }: Console, command: string): Promise<Secret> {
  const text = (stdin.isTTY ? await askSecret("The key's secret: ") : await stdin.read()).trim();
  if (/^\S+$/.test(text)) return new Secret(text);
  throw new VkeysError(
    'usage',
    'There is no secret on standard input, or more than one.',
    `Give it alone, e.g. from a file: ${command} < FILE`,
  );
}
