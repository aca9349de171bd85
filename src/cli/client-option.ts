/** `--for`: the variables of one client, which are `-o env`. */
import { Option } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import type { Globals } from './options.ts';

// oxlint-disable-next-line no-unsafe-type-assertion -- the names of a literal
export const CLIENT_NAMES = Object.keys(CLIENTS) as Client[];

export function clientOption() {
  return new Option('--for <client>', 'print the variables that this client reads, as -o env').choices(CLIENT_NAMES);
}

/** The options, with the format that `--for` means. Throws `usage` for another one. */
export function withClient<O extends Pick<Globals, 'output'> & { readonly for?: Client | undefined }>(options: O): O {
  if (options.for === undefined) return options;
  if (options.output === undefined || options.output === 'env') return { ...options, output: 'env' };
  throw new VkeysError(
    'usage',
    `--for ${options.for} is for -o env, and -o ${String(options.output)} is given.`,
    'Leave one of them out.',
  );
}
