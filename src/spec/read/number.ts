/** Numbers that a spec cannot have, because JavaScript would make others of them (see `isHeld`). */
import type { Scalar } from 'yaml';
import { isHeld } from '../../base/numeral.ts';
import { quoted, type Problem } from './text.ts';

/** Whether a number would become another one (see `isHeld`); `.inf` and `.nan` are none. */
export function changesNumber({ value, source }: Scalar.Parsed): boolean {
  return typeof value === 'number' && /\d/.test(source) && !isHeld(inJson(source));
}

/** A number of YAML's core schema as JSON writes it: without +, 0x, 0o, zeros in front, and a point at either end. */
function inJson(source: string): string {
  if (/^0[xo]/.test(source)) return String(BigInt(source));
  return source
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)(?=\.)/, '$10')
    .replace(/\.(?!\d)/, '');
}

/** Of a number that nothing here can hold; a variable's value stays untold. */
export function lossOf(written: string): Problem {
  const message = `No number here can be as long or as large as ${quoted(written)}: it would become another one.`;
  return {
    rule: 'number',
    message,
    hint: 'If it is a name, such as an id, put it in quotes. Otherwise make it shorter or smaller.',
  };
}

/** Of a number that may be a name; `value`: as it would be written again, where that may be shown. */
export function otherwiseWritten(written: string, value: number | null): Problem {
  const [becomes, or] =
    value === null ? ['another text', ''] : [String(value), ` If it is a number, write ${String(value)}.`];
  const message = `${quoted(written)} without quotes is a number, and would become ${becomes}.`;
  return { rule: 'number', message, hint: `If it is a name, such as an id, put it in quotes.${or}` };
}
