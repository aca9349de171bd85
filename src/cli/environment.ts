/** The variables of the environment, as every command takes them. */
import { VkeysError } from '../base/errors.ts';
import { isQuoted } from '../base/quotes.ts';
import type { Environment } from '../base/variables.ts';

/** An empty variable is none: CI systems and Compose files set those that they have no value for. */
export function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

/** Whatever is no credential and no address: those say it themselves. */
const OURS = /^(VKEYS_\w+|LITELLM_USERNAME)$/;

/** Docker's env files and Kubernetes' `--from-env-file` leave quotes where they are. Throws `usage`. */
export function assertUnquoted(env: Environment): void {
  const name = Object.keys(env).find((each) => OURS.test(each) && isQuoted(env[each] ?? ''));
  if (name === undefined) return;
  throw new VkeysError(
    'usage',
    `${name} has quotes around it, which are a part of it here.`,
    "Take them away: Docker's env files do not.",
  );
}
