/** What the schemas of a spec are made of. */
import * as z from 'zod/mini';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';

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
// oxlint-disable-next-line no-unsafe-type-assertion -- `tree.ts` makes nothing but JSON
export const json = z.unknown() as Schema<Json>;
export const object = () => z.record(z.string(), json) as Schema<JsonObject>;
export const duration = () =>
  z.string().check(
    z.regex(/^[0-9]+(s|m|h|d|w|mo)$/, { error: 'duration', abort: true }),
    z.refine((value) => parseDuration(value) !== null, 'duration'),
  );
