/** What every command takes, before or after its name. */
import {
  InvalidArgumentError,
  Option,
  type Command,
  type CommandUnknownOpts,
  type OptionValues,
} from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { collect } from './option-values.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv', 'env', 'ansible', 'virtualkey-status', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** The global options. Seconds are milliseconds from here on. `output` is `true` for `schema --output`, and a mistake elsewhere. */
export type Globals = ReturnType<ReturnType<typeof globalFlags>['opts']>;

/** What a command's function is given: what its flags say, and the global options. */
export type OptionsOf<Flags extends (command: Command) => { opts(): object }> = ReturnType<ReturnType<Flags>['opts']> &
  Globals;

/** The output that the words of a command line ask for, whether or not they are understood otherwise; `null`: nothing. */
export function formatIn(argv: readonly string[]): string | null {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const asked = words.flatMap((word, index) => {
    const [, glued] = /^(?:-[qyhV]*o|--output=)(.+)$/.exec(word) ?? [];
    if (glued !== undefined) return [glued];
    return /^(?:-[qyhV]*o|--output)$/.test(word) ? [words[index + 1] ?? ''] : [];
  });
  return asked.at(-1) ?? null;
}

export function globalFlags(program: Command) {
  return program
    .optionsGroup('Global options:')
    .option('--url <url>', "the proxy's address (LITELLM_BASE_URL)")
    .option('--profile <name>', 'a saved connection (VKEYS_PROFILE); see `vkeys auth profiles`')
    .option('--sandbox', 'use an in-memory LiteLLM inside this command: no server, no credential')
    .addOption(new Option('-o, --output [format]', 'how to print the result (VKEYS_OUTPUT)').choices(FORMATS))
    .option('--no-secrets', 'leave keys out of json, yaml, csv and env')
    .option('--show-keys', 'print keys in full on the terminal too')
    .option(
      '--keyring <path>',
      'the folder that remembers secrets; age:PATH encrypts them, none forgets (VKEYS_KEYRING)',
    )
    .option('--age-recipient <age1…>', 'who can read an age: keyring (repeatable; VKEYS_AGE_RECIPIENTS)', collect)
    .option('--age-identity <path>', 'the file that opens an age: keyring (VKEYS_AGE_IDENTITY)')
    .option('-q, --quiet', 'print nothing but the result and errors')
    .option('--debug', 'print every request: method, path, status, milliseconds')
    .option('--no-color', 'print without colours (NO_COLOR)')
    .option('--env-file <path>', 'read variables from this file; the environment wins')
    .optionsGroup('Credential (flags win over the environment, the environment over a profile):')
    .addOption(
      new Option('--auth <kind>', 'which credential to use (VKEYS_AUTH)').choices([
        'auto',
        'master-key',
        'openshift',
        'login',
      ] as const),
    )
    .option('--master-key-file <path>', 'read the master key from a file')
    .option('--master-key-stdin', 'read the master key from standard input')
    .option('--master-key-command <command>', 'run a command that prints it, e.g. "pass show litellm"')
    .addOption(
      new Option('--master-key <key>', 'the master key itself: everyone on this machine can see it').hideHelp(),
    )
    .option('--openshift-token-file <path>', 'a file with a cluster token')
    .option('--username <name>', 'the user to log in as (LITELLM_USERNAME; the password: LITELLM_PASSWORD)')
    .optionsGroup('Connection:')
    .addOption(new Option('--timeout <seconds>', 'for each request').argParser(seconds).default(undefined, '30'))
    .option('--deadline <seconds>', 'for the whole run', seconds)
    .addOption(
      new Option('--concurrency <n>', 'changes at the same time, at most; the server decides how many')
        .argParser(count)
        .default(32, '32'),
    )
    .option('--ca-file <path>', 'trust this certificate authority too')
    .option('--client-cert <path>', 'present this certificate')
    .option('--client-key <path>', 'and its private key')
    .option('--insecure', 'do not check the certificate: anybody on the way can read the master key')
    .addOption(
      new Option('--header <name=value>', 'send this header too (repeatable)').argParser(header).default({}, 'none'),
    )
    .addOption(
      new Option('--key-header <name>', 'the header that carries the key').default(undefined, 'Authorization'),
    );
}

/** A variable of a script that is not set makes an option empty, which is never what was meant. Throws `usage`. */
export function assertFilled(command: CommandUnknownOpts, given: OptionValues): void {
  for (let at: CommandUnknownOpts | null = command; at !== null; at = at.parent) {
    const empty = at.options.find((option) => isEmpty(given[option.attributeName()]));
    if (empty === undefined) continue;
    throw new VkeysError('usage', `${empty.long ?? empty.flags} is empty.`, 'Give it a value, or leave it out.');
  }
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && (value.length === 0 || value.includes('')));
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 86_400) throw new InvalidArgumentError('It is a number of seconds, e.g. 30.');
  return value * 1000;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new InvalidArgumentError('It is a number from 1 to 64.');
  return value;
}

function header(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const match = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*[=:]\s*([\t\x20-\x7E]*)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It is name=value.');
  return { ...before, [String(match[1]).toLowerCase()]: String(match[2]).trim() };
}
