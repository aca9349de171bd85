import { isList, isObject, type Json } from '../../../base/json.ts';
import type { Problem } from '../../read/text.ts';

/** As Ansible's `bool` filter has it; `null` for anything else. */
export function truthOf(value: Json): boolean | null {
  if (isObject(value) || isList(value)) return null;
  const text = String(value).toLowerCase();
  if (/^(?:true|yes|on|y|t|1)$/.test(text)) return true;
  return /^(?:false|no|off|n|f|0)$/.test(text) ? false : null;
}

export function notTrueOrFalse(name: string): Problem {
  return { rule: 'type', message: `${name} has to be true or false.`, hint: 'Write true or false.' };
}
