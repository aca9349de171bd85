/** The key that takes another's place: all that it is and has on the server, and over that what the spec says of it. */
import { desiredOf } from '../kinds/desired.ts';
import type { KindFacts } from '../model/kind.ts';
import { bornAt } from '../model/lifetime.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { RotationTerms } from '../model/rotation.ts';

/** Under the name `as`. Its end is the old one's: a rotation renews nothing. `live` was looked at with all of its fields. */
export function successorOf(
  facts: KindFacts,
  desired: Desired,
  live: Live,
  { keepsSpend }: RotationTerms,
  as: string,
): Desired {
  const { memo, secrets = new Set<string>(), ...there } = desiredOf(facts, live);
  return {
    ...there,
    ref: { kind: live.kind, name: as },
    settings: { ...there.settings, ...desired.settings },
    metadata: { ...there.metadata, ...desired.metadata },
    extra: { ...there.extra, ...desired.extra },
    ...(desired.sharing === undefined ? {} : { sharing: desired.sharing }),
    opens: desired.opens === undefined ? (live.mark?.opens ?? null) : desired.opens,
    follows: { since: bornAt(live), spend: keepsSpend ? live.spend : 0 },
    ...(memo === undefined ? {} : { memo }),
    secrets: new Set([...secrets, ...(desired.secrets ?? [])]),
    placeholders: desired.placeholders,
  };
}
