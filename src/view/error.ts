import type { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { paint, type Look } from './look.ts';
import { indent, lines } from '../encode/terminal.ts';

/** What went wrong, and what to do next. */
export function errorText({ message, hint }: VkeysError, look: Look): string {
  const { red, bold } = paint(look);
  const next = hint === '' ? '' : `${bold('next:')}  ${indent(lines(hint), '       ').trimStart()}\n`;
  return `${red('error:')} ${indent(lines(message), '       ').trimStart()}\n${next}`;
}

/** An error for programs: `{"kind", "message", "hint"}` and its facts, as far as JSON has them. */
export function errorJson({ kind, message, hint, facts }: VkeysError): JsonObject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON.parse answers with is JSON
  const known = JSON.parse(JSON.stringify(facts)) as JsonObject;
  return { ...known, kind, message, hint };
}
