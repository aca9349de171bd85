/** A JSON Schema in words: its members, and what each may be. */
import { isList, isObject, stringifyJson, type Json, type JsonObject } from '../base/json.ts';

/** `set`, `text`, `who owns these keys`; members of members as `server.url`. */
export type MemberRow = readonly [name: string, type: string, about: string];

/** The members of an object, and what is in them, in the schema's order. `skip`: members; with a point, what is in them. */
export function memberRows(schema: JsonObject, skip: readonly string[] = [], before = ''): readonly MemberRow[] {
  const own = Object.entries(objectIn(schema['properties'])).flatMap(([name, value]): readonly MemberRow[] => {
    if (skip.includes(name) || value === false) return [];
    const member = objectIn(value);
    const row: MemberRow = [`${before}${name}`, typeText(member), descriptionOf(member)];
    return [row, ...(skip.includes(`${name}.`) ? [] : innerRows(member, skip, `${before}${name}`))];
  });
  return [...own, ...choices(schema).flatMap((each) => memberRows(each, skip, before))];
}

function innerRows(schema: JsonObject, skip: readonly string[], name: string): readonly MemberRow[] {
  return [...memberRows(schema, skip, `${name}.`), ...memberRows(objectIn(schema['items']), skip, `${name}[].`)];
}

/** The names of its members, without those that it may not have. */
export function memberNames(schema: JsonObject): readonly string[] {
  return Object.entries(objectIn(schema['properties'])).flatMap(([name, value]) => (value === false ? [] : [name]));
}

export function descriptionOf({ description = '' }: JsonObject): string {
  return textIn(description);
}

/** What is at these members of the schema. */
export function partOf(schema: JsonObject, ...steps: readonly string[]): JsonObject {
  const found = steps.reduce<Json>(
    (part, step) => (isList(part) ? part[Number(step)] : objectIn(part)[step]) ?? null,
    schema,
  );
  return objectIn(found);
}

/** More names than these are not told one by one. */
const MANY = 8;

/** `text`, `list of texts`, `present or absent`, `number or null`. */
export function typeText(schema: JsonObject): string {
  const { $ref, const: only, enum: values, type, items } = schema;
  if (typeof $ref === 'string') return $ref.replace('#/$defs/', '');
  if (only !== undefined) return textIn(only);
  if (isList(values)) return values.length > MANY ? 'name' : values.map(textIn).join(' or ');
  const some = choices(schema).map(typeText);
  if (some.length > 0) return [...new Set(some)].join(' or ');
  if (isList(type)) return type.map((each) => wordFor(textIn(each))).join(' or ');
  if (type === 'array') return `list of ${plural(typeText(objectIn(items)))}`;
  return typeof type === 'string' ? wordFor(type) : 'anything';
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'mapping',
};

function wordFor(type: string): string {
  return WORDS[type] ?? type;
}

function plural(words: string): string {
  return words
    .split(' or ')
    .map((word) => (/(text|name|number|mapping)$/.test(word) ? `${word}s` : word))
    .join(' or ');
}

function choices({ anyOf }: JsonObject): readonly JsonObject[] {
  return isList(anyOf) ? anyOf.filter(isObject) : [];
}

function objectIn(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}

function textIn(value: Json): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}
