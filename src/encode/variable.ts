/**
 * Variables as a shell and the dotenv libraries read them alike. They agree on less than it seems: Node's dotenv takes
 * single quotes literally and knows no `\"`, a shell expands `$` and backticks in double quotes. So a value gets the
 * first form that all read the same, and one that no form can carry is refused rather than read two ways.
 */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from './terminal.ts';

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000B-\u001F\u007F]/;

/** The value, quoted where it must be. Throws `delivery` for one that has no form, without naming it. */
export function quote(name: string, value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  if (UNPRINTABLE.test(value)) throw unquotable(name, 'contains a control character');
  if (!value.includes("'")) return `'${value}'`;
  if (!/["$`\\]/.test(value)) return `"${value}"`;
  throw unquotable(name, 'contains a single quote together with ", $, ` or \\');
}

function unquotable(name: string, why: string): VkeysError {
  return new VkeysError(
    'delivery',
    `The value of ${oneLine(name)} ${why}, which a shell and a .env reader understand differently.`,
    'Change the text that the value is made of, or deliver to json.',
  );
}

/** An alias as part of a variable's name: `lab-ada` is `LAB_ADA`. */
export function variablePart(key_alias: string): string {
  return key_alias.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** A variable's name: it must not begin with a digit. */
export function variableName(text: string): string {
  return /^[0-9]/.test(text) ? `_${text}` : text;
}
