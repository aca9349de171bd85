import type { VkeysError } from '../base/errors.ts';
import { paint, type Look } from './look.ts';
import { indent, lines } from '../encode/terminal.ts';

/** What went wrong, and what to do next. */
export function errorText({ message, hint }: VkeysError, look: Look): string {
  const { red, bold } = paint(look);
  const next = hint === '' ? '' : `${bold('next:')}  ${indent(lines(hint), '       ').trimStart()}\n`;
  return `${red('error:')} ${indent(lines(message), '       ').trimStart()}\n${next}`;
}

/** An error as `-o json` has it on stderr: `{"error": {"kind", "message", "hint", …}}`. */
export function errorJson(error: VkeysError): { readonly error: Readonly<Record<string, unknown>> } {
  return { error: { ...error.details, ...errorFacts(error) } };
}

/** An error as a member of something else. */
export function errorFacts({ kind, message, hint }: VkeysError): {
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
} {
  return { kind, message, hint };
}
