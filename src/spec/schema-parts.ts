/** What the schemas of a spec are made of. */
import * as z from 'zod/mini';
import type { Json, JsonObject } from '../base/json.ts';
import { parseDuration } from '../base/duration.ts';
import { placeholdersOf } from '../base/template.ts';
import type { Field } from '../model/fields.ts';
import { hasSecret } from '../model/selector.ts';

/** A schema without transformations. */
export type Schema<T> = z.ZodMiniType<T, T>;

/**
 * A mapping with these members only. The messages of checks are not sentences but what `issues.ts` explains them
 * with: here the known names, elsewhere the name of an explanation.
 */
export function strict<const Shape extends z.core.$ZodShape>(shape: Shape) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? known : undefined) });
}

/** With a line of help for editors. In the registry, because a check would be run with every value. */
export function described<S extends z.ZodMiniType>(schema: S, about: string): S {
  z.globalRegistry.add(schema, { description: about });
  return schema;
}

/** An optional member. */
export function member<S extends z.core.SomeType>(schema: S, about: string): z.ZodMiniOptional<S> {
  return described(z.optional(schema), about);
}

export const filled = () => z.string().check(z.minLength(1));
/** A name or an id, which is sent in addresses and shown: a key is none. */
export const named = () =>
  z.string().check(
    z.minLength(1),
    z.refine((text) => !hasSecret(text), 'secret'),
  );
// oxlint-disable-next-line no-unsafe-type-assertion -- `tree.ts` makes nothing but JSON
export const json = z.unknown() as Schema<Json>;
export const object = () => z.record(z.string(), json) as Schema<JsonObject>;
export const duration = () =>
  z.string().check(
    z.regex(/^[0-9]+(s|m|h|d|w|mo)$/, { error: 'duration', abort: true }),
    z.refine((value) => parseDuration(value) !== null, 'duration'),
  );

export const address = () => z.string().check(z.refine(isUrl, 'url'));

const KINDS = {
  number: () => z.number().check(z.minimum(0)),
  integer: () => z.int().check(z.minimum(0)),
  string: named,
  duration,
  boolean: () => z.boolean(),
  strings: () => z.array(filled()),
  object,
  objects: () => z.array(object()),
} satisfies Record<Field['kind'], () => Schema<Json>>;

/** A member for each field of a kind, none of which has to be there; `null` clears it. */
export function settingsOf<Name extends string>(table: Readonly<Record<Name, Field>>) {
  const member_ = (name: Name) => member(z.nullable<Schema<Json>>(KINDS[table[name].kind]()), table[name].about);
  // oxlint-disable-next-line no-unsafe-type-assertion -- it has these names and no others
  return Object.fromEntries(Object.keys(table).map((name) => [name, member_(name as Name)])) as Record<
    Name,
    ReturnType<typeof member_>
  >;
}

function isUrl(text: string): boolean {
  if (!URL.canParse(text) || placeholdersOf(text).length > 0) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
