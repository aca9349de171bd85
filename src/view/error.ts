import type { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { paint, type Look } from './look.ts';
import { indent, lines } from '../encode/terminal.ts';
import type { Refusal } from '../model/plan.ts';
import { topicOfError, topicOfNotice } from './topics.ts';

/** What went wrong, what to do next, and where that is explained. */
export function errorText(error: VkeysError & { readonly refusals?: readonly Refusal[] }, look: Look): string {
  const { message, hint } = error;
  const { red, bold } = paint(look);
  const next = hint === '' ? '' : `${bold('next:')}  ${indent(lines(hint), '       ').trimStart()}\n`;
  const topics = [topicOfError(error.kind), ...(error.refusals ?? []).map(({ code }) => topicOfNotice(code))];
  const named = [...new Set(topics)].flatMap((topic) =>
    topic === null ? [] : [`${bold('more:')}  vkeys help ${topic}\n`],
  );
  return `${red('error:')} ${indent(lines(message), '       ').trimStart()}\n${next}${named.join('')}`;
}

/** An error for programs: `{"kind", "message", "hint"}` and its facts, as far as JSON has them. */
export function errorJson({ kind, message, hint, facts }: VkeysError): JsonObject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON.parse answers with is JSON
  const known = JSON.parse(JSON.stringify(facts)) as JsonObject;
  return { ...known, kind, message, hint };
}
