/**
 * Variables of a .env file. The keyring remembers each variable of a key as it was written, the secret as `{key}`: then
 * a value that somebody changed since is theirs and stays, and the rest goes when the key goes, whatever the spec says by
 * then. The variable with the secret needs no memory: it is known by the hash of what stands there.
 */
import { VkeysError } from '../../base/errors.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { fillKnown, patternOf, placeholdersOf } from '../../base/template.ts';
import { mergeDotenv, readDotenv, withoutVariables } from '../../encode/dotenv.ts';
import { oneLine } from '../../encode/terminal.ts';
import { variableName } from '../../encode/variable.ts';
import { EACH_USER } from '../../model/each-user.ts';
import type { TextFormat } from '../format.ts';
import { fillAll, namesFor, type Addressee } from '../handout.ts';
import { heldIn } from '../held.ts';
import type { Left, Part } from '../sink.ts';

export const dotenv: TextFormat = {
  detail: (part) => detailOf(variablesOf(part)),
  put: (text, parts) => Promise.resolve(mergeDotenv(withoutRenamed(text ?? '', parts), valuesOf(parts))),
  held: (text, key_ids) =>
    Promise.resolve(new Set([...readDotenv(text).values()].flatMap((value) => heldIn(value, key_ids)))),
  remove: (text, left) => Promise.resolve(without(text, left)),
};

/** A variable of one key: `template` is its value but for `{key}`; `isShared`: its name says nothing of the key. */
type Variable = { readonly name: string; readonly template: string; readonly isShared: boolean };

function variablesOf({ delivery, to, key }: Part<Addressee>): readonly Variable[] {
  const names = namesFor(key, to);
  return templatesOf(delivery).map(([nameTemplate, template]) => ({
    name: nameOf(nameTemplate, names, key.key_alias),
    template: fillKnown(template, names),
    isShared: !isOfOneKey(nameTemplate),
  }));
}

function templatesOf(delivery: Part['delivery']): readonly (readonly [string, string])[] {
  return delivery.to === 'dotenv' ? Object.entries(delivery.variables) : [];
}

const SHARED: ReadonlySet<string> = new Set(['set', 'api_endpoint', 'api_base_url', EACH_USER]);

function isOfOneKey(template: string): boolean {
  return placeholdersOf(template).some((name) => !SHARED.has(name));
}

function nameOf(template: string, names: Readonly<Record<string, string>>, key_alias: string): string {
  const name = variableName(fillAll(template, names, key_alias));
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new VkeysError(
    'delivery',
    `${oneLine(name)} is no name for a variable.`,
    'Use letters, digits and _, e.g. {KEY_ALIAS}_API_KEY.',
  );
}

/** All variables of one file. Throws `delivery` when two keys want one: the second would hide the first. */
function valuesOf(parts: readonly Part[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const part of parts) {
    const { key_alias, secret } = part.key;
    const names = namesFor(part.key, part.to);
    for (const [nameTemplate, template] of templatesOf(part.delivery)) {
      const name = nameOf(nameTemplate, names, key_alias);
      const value = fillAll(template, { ...names, key: secret.reveal() }, key_alias);
      if ((values.get(name) ?? value) !== value) throw claimedTwice(name, owners.get(name) ?? '', key_alias);
      values.set(name, value);
      owners.set(name, key_alias);
    }
  }
  return values;
}

function claimedTwice(name: string, first: string, second: string): VkeysError {
  return new VkeysError(
    'delivery',
    `${oneLine(first)} and ${oneLine(second)} both want to be ${name} in one file.`,
    'Put {key_alias} in the path, or {KEY_ALIAS} in the name of the variable.',
  );
}

/**
 * The text without what the keys' variables were called before, as far as it is still as it was written. What was not one
 * key's alone stays while the file has keys of others, whose it may be too.
 */
function withoutRenamed(text: string, parts: readonly Part[]): string {
  const before = parts.flatMap((part) => part.before.flatMap(({ detail }) => remembered(detail)));
  if (before.length === 0) return text;
  const key_ids = new Set(parts.map(({ key }) => key.key_id));
  const present = readDotenv(text);
  const hasOthers = [...present.values()].some((value) => looksLikeKey(value) && heldIn(value, key_ids).length === 0);
  const kept = new Set(parts.flatMap((part) => variablesOf(part).map(({ name }) => name)));
  const renamed = before.filter(({ name, template, isShared }) => {
    const value = present.get(name);
    if (value === undefined || kept.has(name) || !patternOf(template).test(value)) return false;
    return placeholdersOf(template).includes('key') ? heldIn(value, key_ids).length > 0 : !isShared || !hasOthers;
  });
  return renamed.length === 0 ? text : withoutVariables(text, new Set(renamed.map(({ name }) => name)));
}

/** What may be another key's too, by its name, goes with the last one: when nothing that is left looks like a key. */
function without(text: string, left: readonly Left[]): string | null {
  const present = readDotenv(text);
  const key_ids = new Set(left.map(({ key_id }) => key_id));
  const holders = new Map([...present].map(([name, value]) => [name, heldIn(value, key_ids)]));
  const held = new Set([...holders.values()].flat());
  if (held.size === 0) return text;
  const asWritten = left
    .filter(({ key_id }) => held.has(key_id))
    .flatMap(({ place }) => remembered(place.detail))
    .filter(({ name, template }) => patternOf(template).test(present.get(name) ?? '\0'));
  const secrets = [...holders].filter(([, ids]) => ids.length > 0).map(([name]) => name);
  const own = asWritten.filter(({ isShared, template }) => !isShared && !placeholdersOf(template).includes('key'));
  const rest = withoutVariables(text, new Set([...secrets, ...own.map(({ name }) => name)]));
  const isLast = ![...readDotenv(rest).values()].some(looksLikeKey);
  const end = isLast ? withoutVariables(rest, new Set(asWritten.map(({ name }) => name))) : rest;
  return end.trim() === '' ? null : end;
}

function looksLikeKey(value: string): boolean {
  return value.includes('sk-');
}

function detailOf(variables: readonly Variable[]): JsonObject {
  const shared = variables.filter(({ isShared }) => isShared).map(({ name }) => name);
  const templates = Object.fromEntries(variables.map(({ name, template }) => [name, template]));
  return { variables: templates, ...(shared.length === 0 ? {} : { shared }) };
}

function remembered(detail: JsonObject | undefined): readonly Variable[] {
  const { variables = {}, shared = [] } = detail ?? {};
  if (!isObject(variables)) return [];
  return Object.entries(variables).flatMap(([name, template]) =>
    typeof template === 'string' ? [{ name, template, isShared: isList(shared) && shared.includes(name) }] : [],
  );
}
