/**
 * Named values, of which a place may have others too: variables of a file, data of a Secret. What is written for a key is
 * remembered as its names and templates, because names go with a key only while their values are as written: what somebody
 * changed is theirs and stays, and the rest goes when the key goes, whatever the spec says by then. The value with the secret
 * needs no memory: it is known by the hash of what stands there.
 */
import { VkeysError } from '../base/errors.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { fillKnown, patternOf, placeholdersOf } from '../base/template.ts';
import { oneLine } from '../encode/terminal.ts';
import { variableName } from '../encode/variable.ts';
import { variablesOf } from '../model/delivery.ts';
import { EACH_USER } from '../model/each-user.ts';
import { fillAll, namesFor, secretsIn, type Addressee } from './handout.ts';
import { heldIn } from './held.ts';
import type { Left, Part } from './sink.ts';

/** What a place has, by name. */
export type Values = ReadonlyMap<string, string>;

/** What names a place takes, what makes one of a text that nearly is, and what to write instead. */
export type NameRule = { readonly pattern: RegExp; readonly hint: string; readonly fit?: (text: string) => string };

export const VARIABLE: NameRule = {
  fit: variableName,
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  hint: 'Use letters, digits and _, e.g. {KEY_ALIAS}_API_KEY.',
};

/** A variable of one key: `template` is its value but for `{key}`; `isShared`: its name says nothing of the key. */
type Variable = { readonly name: string; readonly template: string; readonly isShared: boolean };

/** What the keyring is to remember of the variables of a key. Throws `delivery` for what cannot be filled in. */
export function detailOf(part: Part<Addressee>, rule: NameRule): JsonObject {
  const variables = variablesIn(part, rule);
  const shared = variables.filter(({ isShared }) => isShared).map(({ name }) => name);
  const templates = Object.fromEntries(variables.map(({ name, template }) => [name, template]));
  return { variables: templates, ...(shared.length === 0 ? {} : { shared }) };
}

/** All that a place is to have for these keys. Throws `delivery` when two want one name: the second would hide the first. */
export function valuesFor(parts: readonly Part[], rule: NameRule): Values {
  const values = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const part of parts) {
    const { key_alias } = part.key;
    const names = namesFor(part.key, part.to);
    for (const [nameTemplate, template] of templatesFor(part, names)) {
      const name = nameOf(nameTemplate, names, key_alias, rule);
      const value = fillAll(template, { ...names, ...secretsIn(part.key) }, key_alias);
      if ((values.get(name) ?? value) !== value) throw claimedTwice(name, owners.get(name) ?? '', key_alias);
      values.set(name, value);
      owners.set(name, key_alias);
    }
  }
  return values;
}

/** Of these keys, those whose secret is among the values. */
export function heldAmong(present: Values, key_ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...present.values()].flatMap((value) => heldIn(value, key_ids)));
}

/**
 * What the keys' variables were called before, as far as it is still as it was written. What was not one key's alone stays
 * while the place has keys of others, whose it may be too.
 */
export function renamedAmong(present: Values, parts: readonly Part[], rule: NameRule): ReadonlySet<string> {
  const before = parts.flatMap((part) => part.before.flatMap(({ detail }) => remembered(detail)));
  if (before.length === 0) return new Set();
  const key_ids = new Set(parts.map(({ key }) => key.key_id));
  const isOfOthers = hasOthers(present, key_ids);
  const kept = new Set(parts.flatMap((part) => variablesIn(part, rule).map(({ name }) => name)));
  const renamed = before.filter(({ name, template, isShared }) => {
    const value = present.get(name);
    if (value === undefined || kept.has(name) || !patternOf(template).test(value)) return false;
    return placeholdersOf(template).includes('key') ? heldIn(value, key_ids).length > 0 : !isShared || !isOfOthers;
  });
  return new Set(renamed.map(({ name }) => name));
}

/** Whether a value looks like a key, and is none of these. */
export function hasOthers(present: Values, key_ids: ReadonlySet<string>): boolean {
  return [...present.values()].some((value) => looksLikeKey(value) && heldIn(value, key_ids).length === 0);
}

/**
 * The names that go with keys that are gone. What may be another key's too, by its name, goes with the last one: when
 * nothing that is left looks like a key.
 */
export function leavingAmong(present: Values, left: readonly Left[]): ReadonlySet<string> {
  const key_ids = new Set(left.map(({ key_id }) => key_id));
  const holders = new Map([...present].map(([name, value]) => [name, heldIn(value, key_ids)]));
  const held = new Set([...holders.values()].flat());
  /* The value with the secret is known by its hash alone: whatever else stands there now is somebody's own. */
  const asWritten = left
    .filter(({ key_id }) => held.has(key_id))
    .flatMap(({ place }) => remembered(place.detail))
    .filter(({ name, template }) => patternOf(template).test(present.get(name) ?? '\0'))
    .filter(({ template }) => !placeholdersOf(template).includes('key'));
  const secrets = [...holders].filter(([, ids]) => ids.length > 0).map(([name]) => name);
  const own = asWritten.filter(({ isShared }) => !isShared);
  const leaving = new Set([...secrets, ...own.map(({ name }) => name)]);
  const isLast = ![...present].some(([name, value]) => !leaving.has(name) && looksLikeKey(value));
  return held.size > 0 && isLast ? new Set([...leaving, ...asWritten.map(({ name }) => name)]) : leaving;
}

/** What the key's variables are called, with their values but for what is secret. Throws `delivery` for what cannot be filled in. */
export function variablesIn(part: Part<Addressee>, rule: NameRule): readonly Variable[] {
  const names = namesFor(part.key, part.to);
  return templatesFor(part, names).map(([nameTemplate, template]) => ({
    name: nameOf(nameTemplate, names, part.key.key_alias, rule),
    template: fillKnown(template, names),
    isShared: !isOfOneKey(nameTemplate),
  }));
}

/** What a key does not have is left out of a client's variables: an empty one would not do what a missing one does. */
function templatesFor(
  { delivery }: Pick<Part, 'delivery'>,
  names: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  const isUnfilled = (template: string): boolean =>
    placeholdersOf(template).some((name) => !SECRET.has(name) && !Object.hasOwn(names, name));
  return Object.entries(variablesOf(delivery) ?? {}).filter(
    ([name, template]) => delivery.optional?.includes(name) !== true || !isUnfilled(template),
  );
}

const SECRET: ReadonlySet<string> = new Set(['key', 'code', 'seat']);
const SHARED: ReadonlySet<string> = new Set(['set', 'api_endpoint', 'api_base_url', EACH_USER]);

function isOfOneKey(template: string): boolean {
  return placeholdersOf(template).some((name) => !SHARED.has(name));
}

function nameOf(
  template: string,
  names: Readonly<Record<string, string>>,
  key_alias: string,
  { pattern, hint, fit = (text) => text }: NameRule,
): string {
  const name = fit(fillAll(template, names, key_alias));
  if (pattern.test(name)) return name;
  throw new VkeysError('delivery', `${oneLine(name)} is no name for a variable.`, hint);
}

function claimedTwice(name: string, first: string, second: string): VkeysError {
  return new VkeysError(
    'delivery',
    `${oneLine(first)} and ${oneLine(second)} both want to be ${name} in one place.`,
    'Put {key_alias} in the path, or {KEY_ALIAS} in the name of the variable.',
  );
}

function looksLikeKey(value: string): boolean {
  return value.includes('sk-');
}

function remembered(detail: JsonObject | undefined): readonly Variable[] {
  const { variables = {}, shared = [] } = detail ?? {};
  if (!isObject(variables)) return [];
  return Object.entries(variables).flatMap(([name, template]) =>
    typeof template === 'string' ? [{ name, template, isShared: isList(shared) && shared.includes(name) }] : [],
  );
}
