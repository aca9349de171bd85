import { FIELDS, FIELD_NAMES, type FieldName } from '../kinds/key.ts';
import type { Desired, Snapshot } from '../model/model.ts';
import type { Server } from '../apply/ports.ts';

/**
 * The snapshot with what this server's lists leave out (`budget_id` before 1.108) read key by key, for the keys of the
 * set for which it is wanted; the same snapshot where nothing is missing.
 */
export async function withDetails(
  set: string,
  desired: readonly Desired[],
  snapshot: Snapshot,
  server: Pick<Server, 'info'>,
): Promise<Snapshot> {
  const { listed } = snapshot;
  if (listed === null) return snapshot;
  const unlisted = FIELD_NAMES.filter((name) => !listed.has(name) && isInInfo(name));
  const wanted = new Set(
    desired
      .filter(({ settings }) => unlisted.some((name) => settings[name] !== undefined))
      .map(({ key_alias }) => key_alias),
  );
  if (wanted.size === 0) return snapshot;
  const keys = [...snapshot.keys];
  for (const [index, { key_id, key_alias, mark }] of keys.entries()) {
    if (mark?.set !== set || key_alias === null || !wanted.has(key_alias)) continue;
    const whole = await server.info(key_id);
    if (whole !== null) keys[index] = whole;
  }
  return { ...snapshot, keys, listed: new Set([...listed, ...unlisted]) };
}

function isInInfo(name: FieldName): boolean {
  const { listedSince, createOnly } = FIELDS[name];
  return listedSince !== undefined && createOnly !== true;
}
