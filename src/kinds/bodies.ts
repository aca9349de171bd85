import type { Json, JsonObject } from '../base/json.ts';
import { FIELDS, isCleared, isFieldName, settingsEntries } from './key.ts';
import { durationUntil, wantedEnd } from '../model/lifetime.ts';
import type { Desired, FieldChange, Live, Mark } from '../model/model.ts';

/**
 * The body of `/key/generate`, without the secret. Cleared fields are left out: an explicit `null` skips a server's
 * default, and an empty licence field is refused.
 */
export function createBody(desired: Desired, mark: Mark, now: Date): JsonObject {
  const settings = settingsEntries(desired.settings).filter(([name, value]) => !isCleared(name, value));
  const metadata = Object.entries(desired.metadata).filter(([, value]) => value !== null);
  return {
    ...desired.extra,
    key_alias: desired.key_alias,
    ...Object.fromEntries(settings),
    ...lifetimeBody(desired, now),
    metadata: { ...Object.fromEntries(metadata), vkeys: mark },
  };
}

function lifetimeBody({ lifetime }: Desired, now: Date): JsonObject {
  const end = lifetime === undefined ? null : wantedEnd(lifetime, null, now);
  return end === null ? {} : { duration: durationUntil(end, now) };
}

/**
 * The body of `/key/update` for these changes and nothing else: what is not sent stays, and `duration` and
 * `budget_duration` would start again. `metadata` is replaced whole by the server, so it is sent whole, from `live`
 * as it is now, and only when one of its members changes or goes, or the mark does.
 */
export function updateBody(changes: readonly FieldChange[], live: Live, mark: Mark | null, now: Date): JsonObject {
  const body: Record<string, Json> = {};
  const metadata: Record<string, Json> = { ...live.metadata };
  let touchesMetadata = mark !== null;
  for (const { field, to } of changes) {
    if (field === 'expires') {
      body['duration'] = typeof to === 'string' ? durationUntil(new Date(to), now) : null;
    } else if (field.startsWith('metadata.')) {
      const name = field.slice('metadata.'.length);
      if (to === null) delete metadata[name];
      else metadata[name] = to;
      touchesMetadata = true;
    } else if (leavesMetadata(field, to)) {
      delete metadata[field];
      touchesMetadata = true;
    } else if (isFieldName(field)) {
      const { cleared, togetherWith } = FIELDS[field];
      body[field] = isCleared(field, to) ? cleared : to;
      const other = togetherWith === undefined ? undefined : live.settings[togetherWith];
      if (togetherWith !== undefined && other !== undefined) body[togetherWith] ??= other;
    }
  }
  if (mark !== null) metadata['vkeys'] = mark;
  return touchesMetadata ? { ...body, metadata } : body;
}

/** Whether an update with these changes replaces the key's metadata. */
export function replacesMetadata(changes: readonly FieldChange[]): boolean {
  return changes.some(({ field, to }) => field.startsWith('metadata.') || leavesMetadata(field, to));
}

/** A field that lives in the metadata can only be cleared by sending metadata without it. */
function leavesMetadata(field: string, to: Json): boolean {
  return isFieldName(field) && FIELDS[field].home === 'metadata' && isCleared(field, to);
}
