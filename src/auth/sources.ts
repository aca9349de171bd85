/** The ways in which one value can be given, and what is wrong with it if it cannot be used. */
import { VkeysError } from '../base/errors.ts';
import { isQuoted } from '../base/quotes.ts';
import { hold, redact, Secret } from '../base/secret.ts';
import { variable, type Variable } from '../base/variables.ts';
import type { Credential, Password, Ports, SecretFile } from './credential.ts';
import { splitWords } from './split-words.ts';

/** What is at a source: a credential, or in words why there is none. */
export type SourceAnswer =
  | { readonly credential: Credential | Password; readonly notice?: string }
  | { readonly state: string };

/**
 * A place to look at. A place that somebody named must have what was promised: looking at it throws otherwise, rather
 * than let another credential be used unnoticed.
 */
export type CredentialSource = { readonly name: string; readonly look: () => Promise<SourceAnswer> };

type Kind = Credential['kind'];

/** What its owner can do about a file that others can read. */
const CLOSING: Readonly<Record<NonNullable<SecretFile['shared']>, (path: string) => string>> = {
  closable: (path) => `Make it yours alone: chmod 600 '${path}'`,
  disk: () => 'Its disk keeps no modes: keep it on another one, or give it by --master-key-command.',
  lent: () =>
    "It is mounted, or another user's, so its mode is given where it comes from: defaultMode: 0400 of a volume in Kubernetes, mode: 0400 of a secret in Compose.",
};

export function fromVariable(kind: Kind, name: Variable, { env }: Ports): CredentialSource {
  return { name, look: async () => given(kind, name, variable(env, name) ?? '') ?? { state: 'not set' } };
}

/** A flag that takes the key itself, for those who insist. */
export function fromFlag(kind: Kind, name: string, value: string): CredentialSource {
  const notice = `${name} shows the key to everybody on this machine, and to the shell's history: use ${name}-file.`;
  return { name, look: async () => ({ credential: required(kind, name, value), notice }) };
}

/** A file that somebody named. `name`: what to call the source, e.g. `--master-key-file ~/key`. */
export function fromFile(kind: Kind, name: string, path: string, { readFile }: Ports): CredentialSource {
  const look = async (): Promise<SourceAnswer> => {
    const file = await readFile(path);
    if (file === null) {
      throw new VkeysError(
        'config',
        `${name}: there is no such file.`,
        'Give the path of a file with just the key in it.',
      );
    }
    const credential = required(kind, name, file.text);
    if (file.shared === null) return { credential };
    return { credential, notice: `Other users of this machine can read ${path}. ${CLOSING[file.shared](path)}` };
  };
  return { name, look };
}

export function fromStdin(kind: Kind, name: string, { readStdin }: Ports): CredentialSource {
  return { name, look: async () => ({ credential: required(kind, name, await readStdin()) }) };
}

/** A command that prints the key, and only it. What it says on stderr is shown when it fails. */
export function fromCommand(kind: Kind, name: string, line: string, { run }: Ports): CredentialSource {
  const look = async (): Promise<SourceAnswer> => {
    const [command, ...args] = splitWords(line);
    const { exitCode, stdout, stderr } = await run(command, args);
    if (exitCode === 0) return { credential: required(kind, name, stdout) };
    const said = redact(stderr).trim().slice(0, 1000);
    const end = exitCode === null ? 'did not start or end' : `failed with exit code ${String(exitCode)}`;
    throw new VkeysError(
      'auth',
      `${name}: the command ${command} ${end}${said === '' ? '' : `: ${said}`}`,
      'Run it by hand to see what it wants: it must print the key, and nothing else, without asking anything.',
    );
  };
  return { name, look };
}

function required(kind: Kind, source: string, text: string): Credential {
  const answer = given(kind, source, text);
  if (answer !== null) return answer.credential;
  throw new VkeysError('auth', `${source}: it is empty.`, 'It must have the key in it, and nothing else.');
}

/** The credential in a text, without the whitespace around it; `null` when there is nothing else. */
export function given(kind: Kind, source: string, text: string): { readonly credential: Credential } | null {
  const value = text.trim();
  if (value === '') return null;
  if (isQuoted(value)) {
    throw new VkeysError(
      'auth',
      `${source}: it has quotes around it, which are a part of it here.`,
      "Take them away: Docker's env files do not, and jq needs -r.",
    );
  }
  if (/^[\u0021-\u007E]+$/.test(value)) return { credential: { kind, source, secret: hold(new Secret(value)) } };
  const why = /[\r\n]/.test(value) ? 'more than one line' : 'spaces or other characters in it that no key has';
  throw new VkeysError('auth', `${source}: it has ${why}.`, 'It must have the key in it, and nothing else.');
}
