/** The key that takes another's place: all that it is and has on the server, and over that what the spec says of it. */
import type { Json } from '../base/json.ts';
import { desiredOf } from '../kinds/desired.ts';
import type { Rotation } from '../model/change.ts';
import type { KindFacts } from '../model/kind.ts';
import { bornAt } from '../model/lifetime.ts';
import type { Desired, Lifetime, Live } from '../model/resource.ts';
import { workingName } from '../model/rotation.ts';

/**
 * Under its working name. Its end is the old one's, or the other one that the spec has for it: a rotation renews nothing.
 * `live` was looked at with all of its fields.
 */
export function successorOf(
  facts: KindFacts,
  { ref, desired, fields, terms }: Pick<Rotation, 'ref' | 'desired' | 'fields' | 'terms'>,
  live: Live,
): Desired {
  const { memo, secrets = new Set<string>(), ...there } = desiredOf(facts, live);
  const moved = fields.find(({ field }) => field === 'expires');
  return {
    ...there,
    ref: { kind: live.kind, name: workingName(ref.name) },
    ...(moved === undefined ? {} : { lifetime: lifetimeUntil(moved.to) }),
    settings: { ...there.settings, ...desired.settings },
    metadata: { ...there.metadata, ...desired.metadata },
    extra: { ...there.extra, ...desired.extra },
    ...(desired.sharing === undefined ? {} : { sharing: desired.sharing }),
    opens: desired.opens === undefined ? (live.mark?.opens ?? null) : desired.opens,
    follows: { since: bornAt(live), spend: terms.keepsSpend ? live.spend : 0 },
    ...(memo === undefined ? {} : { memo }),
    secrets: new Set([...secrets, ...(desired.secrets ?? [])]),
    placeholders: desired.placeholders,
  };
}

function lifetimeUntil(end: Json): Lifetime {
  return typeof end === 'string' ? { expires: end } : 'never';
}
