/**
 * Arguments of programs that are filled in for each key. What a placeholder brings in was often written by strangers (a sign-up
 * form): it may be part of a name, never choose another thing (`/`, `..`, `?`), be an option (`-`), or a file to read (`@`).
 */
import { placeholdersOf } from '../base/template.ts';

/** Ours or the server's: nobody else has a say in them. */
const TRUSTED: ReadonlySet<string> = new Set([
  'api_base_url',
  'api_endpoint',
  'expires',
  'key_id',
  'max_budget',
  'model',
  'models',
]);

const RULES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty'],
  [/[\p{Cc}\p{Zl}\p{Zp}]/u, 'has a control character in it'],
  [/[/\\%?#]/, 'has one of / \\ % ? # in it'],
  [/^[-@]/, 'begins with - or @'],
  [/^\.{1,2}$/, 'is only dots'],
];

/** A placeholder whose value cannot be part of an argument, and why. */
export type ArgumentFault = { readonly name: string; readonly why: string };

/** The first such placeholder of a template; a name without a value is no fault. */
export function argumentFault(template: string, values: Readonly<Record<string, string>>): ArgumentFault | null {
  for (const name of placeholdersOf(template)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || TRUSTED.has(name)) continue;
    const [, why] = RULES.find(([pattern]) => pattern.test(value)) ?? [];
    if (why !== undefined) return { name, why };
  }
  return null;
}

/** A program and its arguments as somebody would type them: words with a blank or a quote in quotes. */
export function commandLine(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}
