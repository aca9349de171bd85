/**
 * A live thing as one that is wanted: what would make the same once more, on this server or on another. What the server made
 * of it is left out: its use, its times, and ids of rows that it keeps for it.
 */
import type { JsonObject } from '../base/json.ts';
import { settingsEntries, type FieldTable, type Settings } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { hiddenTexts, memoOf } from '../model/memo.ts';
import { USAGE, type Desired, type Live } from '../model/resource.ts';
import { sharingIn } from '../model/sharing.ts';

/** Under the name that its set's spec has for it. A key has to be looked at with all of its fields (`WHOLE`). */
export function desiredOf({ kind, fields, hasSecret }: KindFacts, live: Live): Desired {
  const name = live.mark?.name ?? live.name ?? live.id;
  const opens = live.mark?.opens;
  const { blocked: _, ...open } = live.settings;
  const settings = settingsFor(fields, opens === undefined ? live.settings : open);
  const secrets = hiddenTexts(live.metadata);
  const memo = live.mark === null ? {} : memoOf(live.metadata);
  return {
    ref: { kind, name },
    ...(hasSecret ? {} : { id: live.id }),
    previously: [],
    state: 'present',
    user: null,
    settings,
    metadata: without(live.metadata, (member) => SERVERS.has(member) || isSetting(fields, member)),
    ...(hasSecret ? { lifetime: live.expires === null ? 'never' : { expires: live.expires } } : {}),
    ...(hasSecret ? { sharing: sharingIn(live) } : {}),
    ...(opens === undefined ? {} : { opens }),
    on_expired: 'report',
    extra: hasSecret ? without(live.extra, (column) => USED.has(column)) : {},
    ...(Object.keys(memo).length === 0 ? {} : { memo }),
    ...(secrets.size === 0 ? {} : { secrets }),
    placeholders: {},
    origin: null,
  };
}

/** Members of the metadata that are ours, or that the server writes itself. */
const SERVERS: ReadonlySet<string> = new Set(['vkeys', 'team_member_budget_id']);
/** Columns that say how a key was used. */
const USED: ReadonlySet<string> = new Set(USAGE);

/**
 * A soft budget of a key is in a budget's row, and would make another one. A type of key brings its own routes:
 * that there are none any more has to be said.
 */
function settingsFor(fields: FieldTable, live: Settings): Settings {
  const kept = settingsEntries(fields, live).filter(
    ([name, , { home }]) =>
      (home === 'column' || isSetting(fields, name)) && !(name === 'soft_budget' && live['budget_id'] !== undefined),
  );
  const isTyped = live['key_type'] !== undefined && live['allowed_routes'] === undefined;
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value])),
    ...(isTyped ? { allowed_routes: [] } : {}),
  };
}

/** What lies in the metadata is sent by itself. What needs a licence then does not as a member of the metadata. */
function isSetting(fields: FieldTable, member: string): boolean {
  const field = Object.hasOwn(fields, member) ? fields[member] : undefined;
  return field?.home === 'metadata' && field.licence !== true;
}

function without(object: JsonObject, isLeft: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !isLeft(name)));
}
