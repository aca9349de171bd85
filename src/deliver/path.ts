/**
 * Where a key's file is. Aliases and rosters are often filled in by strangers (a sign-up form), so what a placeholder
 * brings in may name a file, never choose a folder.
 */
import { VkeysError } from '../errors.ts';
import { placeholdersOf } from '../reconcile/template.ts';
import { oneLine } from '../view/terminal.ts';
import { fillAll } from './handout.ts';

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const FORBIDDEN = /[/\\\u0000-\u001F\u007F-\u009F]/;

/**
 * The path for one key. Throws `delivery` when a value brings in a separator or a control character, when a part of
 * the path becomes empty, `.` or `..`, and for `{key}`: a file's name is no secret.
 */
export function pathFor(template: string, names: Readonly<Record<string, string>>, key_alias: string): string {
  const used = placeholdersOf(template);
  const refuse = (why: string): VkeysError =>
    new VkeysError(
      'delivery',
      `${oneLine(key_alias)} was not delivered: ${why}.`,
      'Change the path, e.g. to {key_id}, or the name of the key or user.',
      { details: { key_alias } },
    );
  if (used.includes('key')) throw refuse('its path contains {key}, and names of files are no secret');
  for (const name of used) {
    if (FORBIDDEN.test(names[name] ?? ''))
      throw refuse(`{${oneLine(name)}} puts a / or a control character in its path`);
  }
  const path = fillAll(template, names, key_alias);
  const parts = path.split(/[/\\]/).slice(1);
  if (used.length > 0 && parts.some((part) => /^\.{0,2}$/.test(part))) {
    throw refuse('a part of its path is empty or only dots');
  }
  return path;
}
