import { VkeysError } from '../../base/errors.ts';
import { fill, placeholdersOf } from '../../base/template.ts';
import { Secret } from '../../base/secret.ts';
import { variableName } from '../../encode/variable.ts';
import { oneLine } from '../../encode/terminal.ts';
import { readDotenv, withoutVariables } from '../../encode/dotenv.ts';
import { fillAll, namesFor, type DeliverTo, type Gone, type Handout } from '../handout.ts';
import type { Part } from '../assign.ts';

type Names = Readonly<Record<string, string>>;

/** All variables of one file. Throws `delivery` when two keys want one: the second would hide the first. */
export function variablesOf(parts: readonly Part<Handout>[], to: DeliverTo): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const { delivery, key } of parts) {
    const names = namesFor(key, to);
    for (const [nameTemplate, template] of templatesOf(delivery)) {
      const name = nameOf(nameTemplate, names, key.key_alias);
      const value = fillAll(template, { ...names, key: key.secret.reveal() }, key.key_alias);
      if ((variables.get(name) ?? value) !== value) throw claimedTwice(name, owners.get(name) ?? '', key.key_alias);
      variables.set(name, value);
      owners.set(name, key.key_alias);
    }
  }
  return variables;
}

/**
 * The text without the variables of keys that are gone; `null` when nothing is left. A key's variables are taken out
 * only while one of them still holds its secret (known by its hash), so a newer key's stay. Those that all keys of a
 * shared file have in common go with the last key.
 */
export function withoutVariablesOf(parts: readonly Part<Gone>[], text: string, to: DeliverTo): string | null {
  const present = readDotenv(text);
  const own = new Set<string>();
  const common = new Set<string>();
  for (const { delivery, key } of parts) {
    const names = namesFor(key, to);
    const variables = templatesOf(delivery).map(([nameTemplate, template]) => {
      const name = nameOf(nameTemplate, names, key.key_alias);
      const isOwn = [delivery.path, nameTemplate, template].some(isOfOneKey);
      return { name, isOwn, match: match(template, names, present.get(name)) };
    });
    if (!variables.some((each) => each.match?.key !== undefined && new Secret(each.match.key).hash() === key.key_id)) {
      continue;
    }
    for (const each of variables) if (each.match !== null) (each.isOwn ? own : common).add(each.name);
  }
  if (own.size + common.size === 0) return text;
  const rest = withoutVariables(text, own);
  const isLast = [...readDotenv(rest).keys()].every((name) => common.has(name));
  const left = isLast ? withoutVariables(rest, common) : rest;
  return left.trim() === '' ? null : left;
}

function templatesOf(delivery: Part<unknown>['delivery']): readonly (readonly [string, string])[] {
  return delivery.to === 'dotenv' ? Object.entries(delivery.variables) : [];
}

const SHARED: ReadonlySet<string> = new Set(['set', 'api_endpoint', 'api_base_url']);

function isOfOneKey(template: string): boolean {
  return placeholdersOf(template).some((name) => !SHARED.has(name));
}

/** Whether a value is what the template gives, whatever the key and its end were; and the key in it. */
function match(template: string, names: Names, value: string | undefined): { readonly key?: string } | null {
  if (value === undefined) return null;
  const [KEY, END] = ['\u0000k', '\u0000e'];
  const expected = fill(template, { ...names, key: KEY, expires: END });
  const pattern = expected
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replace(KEY, '(?<key>.+)')
    .replaceAll(KEY, String.raw`\k<key>`)
    .replaceAll(END, '.*');
  const found = new RegExp(`^${pattern}$`, 's').exec(value);
  return found === null ? null : { ...found.groups };
}

function nameOf(template: string, names: Names, key_alias: string): string {
  const name = variableName(fillAll(template, names, key_alias));
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new VkeysError(
    'delivery',
    `${oneLine(name)} is no name for a variable.`,
    'Use letters, digits and _, e.g. {KEY_ALIAS}_API_KEY.',
  );
}

function claimedTwice(name: string, first: string, second: string): VkeysError {
  return new VkeysError(
    'delivery',
    `${oneLine(first)} and ${oneLine(second)} both want to be ${name} in one file.`,
    'Put {key_alias} in the path, or {KEY_ALIAS} in the name of the variable.',
  );
}
