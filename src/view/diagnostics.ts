import type { JsonObject } from '../base/json.ts';
import type { Diagnostic } from '../model/spec.ts';
import { paint, type Look } from './look.ts';
import { indent, lines, oneLine } from '../encode/terminal.ts';
import { count } from './value.ts';

/** The problems of a spec, each with its place, the lines around it and what to do; then how many there are. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], look: Look): string {
  const { bold, red, dim } = paint(look);
  const problems = diagnostics.map(({ origin: { file, line, column }, message, frame, hint }) => {
    const place = bold(`${oneLine(file)}:${String(line)}:${String(column)}:`);
    const code = frame === '' ? '' : `${dim(indent(lines(frame), '  '))}\n`;
    return `${place} ${lines(message)}\n${code}${hint === '' ? '' : `${indent(lines(hint), '  ')}\n`}`;
  });
  /* A file that is not there needs no explanation. */
  const more = diagnostics.some(({ frame }) => frame !== '') ? ' More: vkeys help spec' : '';
  return `${problems.join('\n')}${problems.length === 0 ? '' : '\n'}${red(`${count(diagnostics.length, 'problem')} found.`)}${more}\n`;
}

/** The problems for programs, in the order in which they were found. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): readonly JsonObject[] {
  return diagnostics.map(({ origin, rule, message, hint, frame }) => ({
    file: origin.file,
    line: origin.line,
    column: origin.column,
    rule,
    message,
    hint,
    frame,
  }));
}
