/** What is sent for a thing that has metadata: a whole one, or just what changes. */
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import type { FieldChange } from '../model/change.ts';
import { clearing, isCleared, settingsEntries, type FieldTable } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { durationUntil, wantedEnd } from '../model/lifetime.ts';
import { withMemo } from '../model/memo.ts';
import { changedSharing, isSharing, NOT_SHARED, sharingIn, withSharing } from '../model/sharing.ts';
import type { Desired, Live, Mark } from '../model/resource.ts';

/** What of a kind shapes its bodies. */
type Shape = Pick<KindFacts, 'fields' | 'naming' | 'identity'>;

/**
 * The body of a creation, without a secret. A length of time is sent as it stands, since the server counts it from the
 * creation too.
 */
export function createBody(shape: Shape, desired: Desired, mark: Mark, now: Date): JsonObject {
  const metadata = Object.fromEntries(Object.entries(desired.metadata).filter(([, value]) => value !== null));
  const shared = withOpening(withSharing(mark, desired.sharing ?? NOT_SHARED), desired.opens);
  return {
    ...plainBody(shape, desired),
    ...lifetimeBody(desired, now),
    ...(desired.follows === undefined || desired.follows.spend === 0 ? {} : { spend: desired.follows.spend }),
    metadata: { ...metadata, vkeys: { ...withMemo(shared, metadata, {}, now, desired.secrets), ...desired.memo } },
  };
}

/**
 * The body of a creation of what has no metadata. Cleared fields are left out: an explicit `null` skips a server's default,
 * and an empty licence field is refused.
 */
export function plainBody({ fields, naming, identity }: Shape, desired: Desired): JsonObject {
  const settings = settingsEntries(fields, desired.settings).filter(([, value, field]) => !isCleared(field, value));
  return {
    ...desired.extra,
    [naming]: desired.ref.name,
    ...(identity === null || desired.id === undefined ? {} : { [identity]: desired.id }),
    ...Object.fromEntries(settings.map(([name, value]) => [name, value])),
  };
}

function lifetimeBody({ lifetime }: Desired, now: Date): JsonObject {
  const end = lifetime === undefined ? null : wantedEnd(lifetime, null, now);
  return end === null ? {} : { duration: durationUntil(end, now) };
}

/**
 * The body of an update for these changes and nothing else: what is not sent stays, and `duration` and
 * `budget_duration` would start again. `metadata` is replaced whole by the server, so it is sent whole, from `live`
 * as it is now, and only when one of its members changes or goes, or the mark does. A field that vkeys does not know is sent
 * where the server has it.
 */
export function updateBody(
  { fields, naming }: Shape,
  changes: readonly FieldChange[],
  live: Live,
  mark: Mark | null,
  now: Date,
  secrets?: ReadonlySet<string>,
): JsonObject {
  const body: Record<string, Json> = {};
  const metadata: Record<string, Json> = { ...live.metadata };
  const members: Record<string, Json> = {};
  for (const { field, to } of changes) {
    const row = fields[field];
    if (field === naming) body[naming] = to;
    else if (field === 'expires') {
      body['duration'] = typeof to === 'string' ? durationUntil(new Date(to), now) : null;
    } else if (field.startsWith('metadata.')) {
      const name = field.slice('metadata.'.length);
      if (to === null) delete metadata[name];
      else metadata[name] = to;
      members[name] = to;
    } else if (leavesMetadata(fields, field, to)) {
      delete metadata[field];
    } else if (row !== undefined) {
      body[field] = isCleared(row, to) ? clearing(row, live.settings[field]) : to;
      const other = row.togetherWith === undefined ? undefined : live.settings[row.togetherWith];
      if (row.togetherWith !== undefined && other !== undefined) body[row.togetherWith] ??= other;
    } else if (Object.hasOwn(live.extra, field)) body[field] = to;
  }
  const before = live.metadata['vkeys'];
  const own = mark ?? (live.mark !== null && isObject(before) ? before : null);
  if (own !== null) {
    const shared = withSharing(own, changedSharing(sharingIn(live), changes));
    const opens = changes.find(({ field }) => field === 'opens');
    const opening = withOpening(shared, opens === undefined ? live.mark?.opens : opens.to);
    metadata['vkeys'] = withMemo(opening, members, live.metadata, now, secrets);
  }
  return mark !== null || replacesMetadata(fields, changes) ? { ...body, metadata } : body;
}

/** A change of a field that the server only takes, or only keeps, as a member of the metadata. */
export function insideMetadata(fields: FieldTable): (change: FieldChange) => FieldChange {
  return (change) =>
    fields[change.field]?.home === 'metadata' ? { ...change, field: `metadata.${change.field}` } : change;
}

/** Whether an update with these changes replaces the metadata. */
export function replacesMetadata(fields: FieldTable, changes: readonly FieldChange[]): boolean {
  return changes.some(
    ({ field, to }) =>
      field.startsWith('metadata.') || field === 'opens' || isSharing(field) || leavesMetadata(fields, field, to),
  );
}

/** A field that lives in the metadata can only be cleared by sending metadata without it. */
function leavesMetadata(fields: FieldTable, field: string, to: Json): boolean {
  const row = fields[field];
  return row !== undefined && row.home === 'metadata' && isCleared(row, to);
}

/** The mark with the moment at which the key opens, or without one. */
function withOpening(mark: JsonObject, opens: Json | undefined): JsonObject {
  const { opens: _, ...rest } = mark;
  return typeof opens === 'string' ? { ...rest, opens } : rest;
}
