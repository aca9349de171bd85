/** The shapes of the operator's resources, as their CRDs have them. */
import * as z from 'zod/mini';
import { parseDuration } from '../../../base/duration.ts';
import type { JsonObject } from '../../../base/json.ts';
import { isHeld } from '../../../base/numeral.ts';
import { filled, json, object, strict, type Schema } from '../../schema-parts.ts';
import { RESOURCES, type ResourceKind, type Row, type Shape } from './fields.ts';

const AMOUNT = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** An empty text is none, as it is for the operator. */
const dollars = () =>
  z.union([
    z.number().check(z.minimum(0)),
    z.string().check(z.refine((text) => text === '' || (AMOUNT.test(text) && isHeld(text)), 'dollars')),
  ]);
const count = () => z.int().check(z.minimum(0));
const texts = () => z.array(z.string());
const role = () => z.enum(['admin', 'user']);

const SHAPES: Readonly<Record<Shape, () => z.ZodMiniType>> = {
  text: () => z.string(),
  texts,
  flag: () => z.boolean(),
  count,
  dollars,
  duration: () => z.string().check(z.refine((text) => text === '' || parseDuration(text) !== null, 'duration')),
  'named texts': () => z.record(z.string(), z.string()),
  /* A CRD has them as texts for users, and as numbers for keys. */
  'named counts': () =>
    z.record(
      z.string(),
      z.union([count(), z.string().check(z.refine((text) => /^\d+$/.test(text) && isHeld(text), 'count'))]),
    ),
  'named dollars': () => z.record(z.string(), dollars()),
  role,
  'user role': () => z.enum(['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer']),
  reference: () => strict({ name: filled(), namespace: z.optional(z.string()) }),
  connection: () =>
    strict({
      instanceRef: z.optional(strict({ name: filled(), namespace: z.optional(z.string()) })),
      secretRef: z.optional(
        strict({
          name: filled(),
          keys: z.optional(strict({ masterKey: z.optional(z.string()), url: z.optional(z.string()) })),
        }),
      ),
    }),
  members: () =>
    z.array(strict({ userID: z.optional(z.string()), userEmail: z.optional(z.string()), role: z.optional(role()) })),
};

/** `null` is nothing: the API server drops it. */
function shapeOf({ is, isRequired }: Row): z.ZodMiniType {
  if (isRequired === true) return is === 'text' ? filled() : SHAPES[is]();
  return z.optional(z.nullable(SHAPES[is]()));
}

function specSchemaOf(kind: ResourceKind): Schema<JsonObject> {
  const shape = Object.fromEntries(Object.entries(RESOURCES[kind]).map(([name, row]) => [name, shapeOf(row)]));
  // oxlint-disable-next-line no-unsafe-type-assertion -- none of the shapes makes another value of what it is given
  return strict(shape) as z.ZodMiniType as Schema<JsonObject>;
}

/** Of what a resource asks for. */
export const SPECS: Readonly<Record<ResourceKind, Schema<JsonObject>>> = {
  VirtualKey: specSchemaOf('VirtualKey'),
  User: specSchemaOf('User'),
  Team: specSchemaOf('Team'),
  TeamMemberAssociation: specSchemaOf('TeamMemberAssociation'),
};

/** Of a resource without that. */
export const resourceSchema = strict({
  apiVersion: filled(),
  kind: filled(),
  metadata: object(),
  spec: z.optional(json),
  status: z.optional(json),
});
