/**
 * Where a key's file is. Aliases and rosters are often filled in by strangers (a sign-up form), so what a placeholder
 * brings in may name a file, never choose a folder.
 */
import { VkeysError } from '../base/errors.ts';
import { fill, placeholdersOf } from '../base/template.ts';
import { oneLine } from '../encode/terminal.ts';
import { fillAll } from './handout.ts';

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const FORBIDDEN = /[/\\\u0000-\u001F\u007F-\u009F]/;
/** Windows takes a blank or dot away from a name's end, and these names for devices and streams. */
const NO_FILE_ON_WINDOWS = /[<>:"|?*]|[. ]$|^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i;

/** Whether a value has what could choose a folder, or what no file's name has. */
export function leadsElsewhere(value: string): boolean {
  return FORBIDDEN.test(value);
}

/** The folder that a path names by itself, before its first placeholder; `null` for a path without one. */
export function folderOf(template: string): string | null {
  const [first] = placeholdersOf(template);
  if (first === undefined) return null;
  const marked = fill(template, { [first]: '\0' });
  const head = marked.slice(0, marked.indexOf('\0'));
  return head.slice(0, Math.max(head.lastIndexOf('/'), head.lastIndexOf('\\')) + 1);
}

/**
 * The path for one key. Throws `delivery` when a value brings in a separator or a control character, when a part of
 * the path becomes empty, `.` or `..`, or what Windows has no file for, and for `{key}`: a file's name is no secret.
 */
export function pathFor(
  template: string,
  names: Readonly<Record<string, string>>,
  key_alias: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const used = placeholdersOf(template);
  const refuse = (why: string): VkeysError =>
    new VkeysError(
      'delivery',
      `${oneLine(key_alias)} was not delivered: ${why}.`,
      'Change the path, e.g. to {key_id}, or the name of the key or user.',
      { facts: { key_alias } },
    );
  if (used.includes('key')) throw refuse('its path contains {key}, and names of files are no secret');
  for (const name of used) {
    if (leadsElsewhere(names[name] ?? ''))
      throw refuse(`{${oneLine(name)}} puts a / or a control character in its path`);
  }
  const path = fillAll(template, names, key_alias);
  const parts = path.split(/[/\\]/).slice(1);
  if (used.length > 0 && parts.some((part) => /^\.{0,2}$/.test(part))) {
    throw refuse('a part of its path is empty or only dots');
  }
  const named = parts.slice((folderOf(template) ?? path).split(/[/\\]/).length - 2);
  if (platform === 'win32' && used.length > 0 && named.some((part) => NO_FILE_ON_WINDOWS.test(part))) {
    throw refuse('a part of its path is no name for a file on Windows');
  }
  return path;
}
