import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';

export const FORMATS = ['table', 'json', 'yaml', 'csv', 'env', 'ansible'] as const;
export type Format = (typeof FORMATS)[number];

/** What every command takes. Seconds are milliseconds from here on. */
export type Globals = {
  readonly url?: string | undefined;
  readonly profile?: string | undefined;
  readonly output?: Format | undefined;
  readonly timeout: number;
  readonly deadline?: number | undefined;
  readonly concurrency: number;
  readonly caFile?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly header: Readonly<Record<string, string>>;
  readonly keyHeader?: string | undefined;
  readonly keyring?: string | undefined;
  readonly envFile?: string | undefined;
  readonly auth?: 'auto' | 'master-key' | 'openshift' | 'login' | undefined;
  readonly masterKey?: string | undefined;
  readonly masterKeyFile?: string | undefined;
  readonly masterKeyStdin?: boolean | undefined;
  readonly masterKeyCommand?: string | undefined;
  readonly openshiftTokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly sandbox?: boolean | undefined;
  readonly secrets: boolean;
  readonly showKeys?: boolean | undefined;
  readonly color: boolean;
  readonly quiet?: boolean | undefined;
  readonly debug?: boolean | undefined;
};

/** Declares the options that every command takes, before or after its name. */
export function addGlobals(program: Command): void {
  const options = [
    new Option('--url <url>', "the proxy's address (LITELLM_BASE_URL)"),
    new Option('--profile <name>', 'a saved connection (VKEYS_PROFILE); see `vkeys auth profiles`'),
    new Option('--sandbox', 'use an in-memory LiteLLM inside this command: no server, no credential'),
    new Option('-o, --output <format>', 'how to print the result (VKEYS_OUTPUT)').choices(FORMATS),
    new Option('--no-secrets', 'leave keys out of json, yaml, csv and env'),
    new Option('--show-keys', 'print keys in full on the terminal too'),
    new Option('--keyring <path>', 'the folder that remembers secrets, or none (VKEYS_KEYRING)'),
    new Option('-q, --quiet', 'print nothing but the result and errors'),
    new Option('--debug', 'print every request: method, path, status, milliseconds'),
    new Option('--no-color', 'print without colours (NO_COLOR)'),
    new Option('--env-file <path>', 'read variables from this file; the environment wins'),
  ];
  const credentials = [
    new Option('--auth <kind>', 'which credential to use (VKEYS_AUTH)').choices([
      'auto',
      'master-key',
      'openshift',
      'login',
    ] as const),
    new Option('--master-key-file <path>', 'read the master key from a file'),
    new Option('--master-key-stdin', 'read the master key from standard input'),
    new Option('--master-key-command <command>', 'run a command that prints it, e.g. "pass show litellm"'),
    new Option('--master-key <key>', 'the master key itself: everyone on this machine can see it').hideHelp(),
    new Option('--openshift-token-file <path>', 'a file with a cluster token'),
    new Option('--username <name>', 'the user to log in as (LITELLM_USERNAME; the password: LITELLM_PASSWORD)'),
  ];
  const connection = [
    new Option('--timeout <seconds>', 'for each request').argParser(seconds).default(30_000, '30'),
    new Option('--deadline <seconds>', 'for the whole run').argParser(seconds),
    new Option('--concurrency <n>', 'changes at the same time, at most; the server decides how many')
      .argParser(count)
      .default(32, '32'),
    new Option('--ca-file <path>', 'trust this certificate authority too'),
    new Option('--client-cert <path>', 'present this certificate'),
    new Option('--client-key <path>', 'and its private key'),
    new Option('--insecure', 'do not check the certificate: anybody on the way can read the master key'),
    new Option('--header <name=value>', 'send this header too (repeatable)').argParser(header).default({}, 'none'),
    new Option('--key-header <name>', 'the header that carries the key').default(undefined, 'Authorization'),
  ];
  program.optionsGroup('Global options:');
  for (const option of options) program.addOption(option);
  program.optionsGroup('Credential:');
  for (const option of credentials) program.addOption(option);
  program.optionsGroup('Connection:');
  for (const option of connection) program.addOption(option);
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
