/** A Secret as the API server has it, and what of it is ours: what our field manager applied. */
import type { JsonObject } from '../../base/json.ts';
import type { Values } from '../variables.ts';
import { objectIn, objectsIn, textIn, textsIn } from './members.ts';

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export const FIELD_MANAGER = 'vkeys';

type Texts = Readonly<Record<string, string>>;
/** Names of what we applied and nobody else has changed since. */
export type Owned = Readonly<Record<'data' | 'labels' | 'annotations', ReadonlySet<string>>>;

export type StoredSecret = {
  readonly resourceVersion: string;
  readonly type: string;
  /** In base64. */
  readonly data: Texts;
  /** The same, decoded. */
  readonly values: Values;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly owned: Owned;
  /** Whether nobody else had a hand in it. */
  readonly isOurs: boolean;
};

export function storedSecret(body: JsonObject): StoredSecret {
  const metadata = objectIn(body, 'metadata');
  const data = textsIn(body, 'data');
  const fields = objectsIn(metadata, 'managedFields');
  const [applied] = fields.filter(isOwn).map((each) => objectIn(each, 'fieldsV1'));
  const owned = applied ?? {};
  return {
    resourceVersion: textIn(metadata, 'resourceVersion') ?? '',
    type: textIn(body, 'type') ?? 'Opaque',
    data,
    values: new Map(Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')])),
    labels: textsIn(metadata, 'labels'),
    annotations: textsIn(metadata, 'annotations'),
    owned: {
      data: namesIn(objectIn(owned, 'f:data')),
      labels: namesIn(objectIn(objectIn(owned, 'f:metadata'), 'f:labels')),
      annotations: namesIn(objectIn(objectIn(owned, 'f:metadata'), 'f:annotations')),
    },
    isOurs: fields.length > 0 && fields.every(({ manager }) => manager === FIELD_MANAGER),
  };
}

/** Whether we had a hand in an object, by its metadata. */
export function isManaged(metadata: JsonObject): boolean {
  return objectsIn(metadata, 'managedFields').some(isOwn);
}

function isOwn({ manager, operation }: JsonObject): boolean {
  return manager === FIELD_MANAGER && operation === 'Apply';
}

/** Fields are `f:NAME`. */
function namesIn(fields: JsonObject): ReadonlySet<string> {
  return new Set(Object.keys(fields).flatMap((name) => (name.startsWith('f:') ? [name.slice(2)] : [])));
}
