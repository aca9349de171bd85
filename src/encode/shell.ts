/** Variables as each shell sets them for the programs that it starts: whatever is in a value, the shell reads just that. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from './terminal.ts';
import { quote } from './variable.ts';

type Line = (name: string, value: string) => string;

const SET: Readonly<Record<ShellName, Line>> = {
  bash: posix,
  zsh: posix,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
  /* It takes the quotes of typewriters and of books for each other. */
  powershell: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`,
};

export const EXPORTING = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type ShellName = (typeof EXPORTING)[number];

function posix(name: string, value: string): string {
  return `export ${name}=${posixWord(value)}`;
}

/** A word of a command line, as `sh` reads it. */
export function posixWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** The lines for a shell, or those of a .env file. Throws `delivery` for a value that no line can carry. */
export function variablesText(variables: ReadonlyMap<string, string>, shell?: ShellName): string {
  return [...variables].map(([name, value]) => `${lineOf(name, value, shell)}\n`).join('');
}

function lineOf(name: string, value: string, shell?: ShellName): string {
  if (shell === undefined) return `${name}=${quote(name, value)}`;
  if (!value.includes('\0')) return SET[shell](name, value);
  throw new VkeysError(
    'delivery',
    `The value of ${oneLine(name)} has a character that no variable can have.`,
    'Take it out of the name of the model, or of the address.',
  );
}
