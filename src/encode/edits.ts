/** What has to change in a file of settings so that it has the members that are wanted, whatever its format. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { VkeysError } from '../base/errors.ts';
import type { Template, Templates } from './client.ts';
import { isList } from './filled.ts';
import { oneLine } from './terminal.ts';

/** What a file of settings says, as its format reads it. */
export type Settings = { readonly [name: string]: unknown };

export type Path = readonly (string | number)[];

/** One place that changes. `value`: `undefined` where something is taken away. `isThere`: whether it has another value now. */
export type Edit = { readonly path: Path; readonly value: Template | undefined; readonly isThere: boolean };

/**
 * The edits that make the settings have the members; none where they have them. Everything else stays, and so do those that are
 * `kept`. Throws `config` where something else stands in the place of an object or a list.
 */
export function editsOf(
  settings: Settings,
  members: Templates,
  kept: readonly string[] = [],
  at: Path = [],
): readonly Edit[] {
  return Object.entries(members).flatMap(([name, wanted]) => {
    const now = Object.hasOwn(settings, name) ? settings[name] : undefined;
    const path = [...at, name];
    return kept.includes(name) && now !== undefined ? lackingIn(now, wanted, path) : editsAt(now, wanted, kept, path);
  });
}

/** What a list is to have besides. */
function lackingIn(now: unknown, wanted: Template, path: Path): readonly Edit[] {
  if (!Array.isArray(now) || typeof wanted !== 'object' || wanted === null || !isList(wanted)) return [];
  return wanted
    .filter((item) => !now.includes(item))
    .map((value, index): Edit => ({ path: [...path, now.length + index], value, isThere: false }));
}

function editsAt(now: unknown, wanted: Template, kept: readonly string[], path: Path): readonly Edit[] {
  if (wanted === null) return now === undefined ? [] : [{ path, value: undefined, isThere: true }];
  if (typeof wanted !== 'object' || (isList(wanted) && !wanted.every((item) => nameOf(item) !== undefined)))
    return isDeepStrictEqual(now, wanted) ? [] : [{ path, value: wanted, isThere: now !== undefined }];
  if (now === undefined || now === null) return [{ path, value: withoutNulls(wanted), isThere: now === null }];
  if (!isList(wanted)) return editsOf(objectAt(now, path), wanted, kept, path);
  if (!Array.isArray(now)) throw misplaced(path, 'a list');
  let end = now.length;
  return wanted.flatMap((item): readonly Edit[] => {
    const index = now.findIndex((each) => nameOf(each) === nameOf(item));
    if (index !== -1) return editsAt(now[index], item, kept, [...path, index]);
    end += 1;
    return [{ path: [...path, end - 1], value: withoutNulls(item), isThere: false }];
  });
}

/** The settings without what the members say, whatever that is now. */
export function without(settings: Settings, members: Templates): Settings {
  return edited(settings, editsOf(settings, emptied(members)));
}

/** Items of a list keep the name by which it knows them. */
function emptied(members: Templates): Templates {
  return Object.fromEntries(Object.entries(members).map(([name, each]) => [name, emptiedOne(each)]));
}

function emptiedOne(template: Template): Template {
  if (typeof template !== 'object' || template === null) return null;
  if (!isList(template)) return emptied(template);
  const items = template.flatMap((item) => {
    if (typeof item !== 'object' || item === null || isList(item) || item['name'] === undefined) return [];
    return [{ ...emptied(item), name: item['name'] }];
  });
  return items.length < template.length ? null : items;
}

/** The settings after the edits. */
export function edited(settings: Settings, edits: readonly Edit[]): Settings {
  return edits.reduce((made, { path, value }) => objectAt(withValue(made, path, value), []), settings);
}

function withValue(now: unknown, [first, ...rest]: Path, value: Template | undefined): unknown {
  if (first === undefined) return value;
  if (Array.isArray(now)) {
    const items: unknown[] = [...now];
    items[Number(first)] = withValue(items[Number(first)], rest, value);
    return items;
  }
  const { [first]: old, ...others } = objectAt(now ?? {}, []);
  const made = withValue(old, rest, value);
  return made === undefined ? others : { ...objectAt(now ?? {}, []), [first]: made };
}

function objectAt(value: unknown, path: Path): Settings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misplaced(path, 'an object');
  // oxlint-disable-next-line no-unsafe-type-assertion -- any object has members
  return value as Settings;
}

/** By this a list knows an item. */
function nameOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined;
}

function withoutNulls(template: Template): Template {
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template)) return template.map(withoutNulls);
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, each]) => (each === null ? [] : [[name, withoutNulls(each)] as const])),
  );
}

/** The paths of the values that an edit sets: those in an object that is new, too. */
export function leavesOf({ path, value }: Pick<Edit, 'path' | 'value'>): readonly Path[] {
  if (typeof value !== 'object' || value === null || isList(value)) return [path];
  return Object.entries(value).flatMap(([name, each]) => leavesOf({ path: [...path, name], value: each }));
}

/** A path in words: `models[2].apiBase`. */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${part}`)).join('');
  return oneLine(text.replace(/^\./, ''));
}

function misplaced(path: Path, wanted: string): VkeysError {
  const what = path.length === 0 ? 'The file' : pathText(path);
  return new VkeysError('config', `${what} is not ${wanted}.`, 'Mend it by hand, or choose another file: --file PATH');
}
