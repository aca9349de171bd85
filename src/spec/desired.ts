import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Settings } from '../model/fields.ts';
import type { Desired, Origin } from '../model/resource.ts';
import { fill, literal } from '../base/template.ts';
import type { Merged } from './layers.ts';
import type { User } from './roster.ts';
import type { RosterEntry } from './schema.ts';

/** What one key's users have in common. */
export type Shared = {
  readonly domain: string | null;
  readonly state: Desired['state'];
  readonly on_expired: Desired['on_expired'];
  readonly origin: Origin;
  /** Texts that came from the environment. */
  readonly secrets: ReadonlySet<string>;
};

export function domainOf(roster: RosterEntry | undefined): string | null {
  return roster === undefined || Array.isArray(roster) ? null : (roster.domain ?? null);
}

/** A key that the spec asks for has its place there. */
export type DesiredAt = Desired & { readonly origin: Origin };

/** The key of a roster's user, or the one key without a roster, with what its placeholders stand for. */
export function desiredOf(
  merged: Merged,
  shared: Shared,
  user: User | null,
  known: Texts & { readonly key_alias: string },
  previously: readonly string[],
): DesiredAt {
  const settings = filledSettings(merged.settings, known, shared.domain);
  const { user_id } = settings;
  const found: string[] = [];
  const metadata = filledMembers(merged.metadata, known, (template, filled) => {
    if (filled !== template && shared.secrets.has(template)) found.push(filled);
  });
  const secrets = found.length === 0 ? shared.secrets : new Set([...shared.secrets, ...found]);
  return {
    ref: { kind: 'key', name: known.key_alias },
    previously,
    state: shared.state === 'absent' ? 'absent' : merged.state,
    user: user === null ? null : user.user,
    settings,
    metadata,
    ...(merged.lifetime === undefined ? {} : { lifetime: merged.lifetime }),
    on_expired: merged.on_expired ?? shared.on_expired,
    extra: merged.extra,
    ...(secrets.size === 0 ? {} : { secrets }),
    placeholders: typeof user_id === 'string' ? { ...known, user_id } : known,
    origin: shared.origin,
  };
}

export type Texts = Readonly<Record<string, string>>;

/** A roster's user has a `user_id` by its column of that name, or by the roster's domain, unless it is given. */
function filledSettings(settings: Settings, known: Texts, domain: string | null): Settings {
  const own = Object.hasOwn(known, 'user_id') ? known['user_id'] : undefined;
  const fallback = own ?? (domain === null ? undefined : fill(`{user}@${literal(domain)}`, known));
  const { user_id = fallback, team_id } = settings;
  return {
    ...settings,
    ...(typeof user_id === 'string'
      ? { user_id: settings['user_id'] === undefined ? user_id : fill(user_id, known) }
      : {}),
    ...(typeof team_id === 'string' ? { team_id: fill(team_id, known) } : {}),
  };
}

/** Hears of each template and what it became. */
type Heard = (template: string, filled: string) => void;

function filledMembers(value: JsonObject, known: Texts, heard: Heard): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filledTexts(item, known, heard)]));
}

function filledTexts(value: Json, known: Texts, heard: Heard): Json {
  if (typeof value === 'string') {
    const filled = fill(value, known);
    heard(value, filled);
    return filled;
  }
  if (isObject(value)) return filledMembers(value, known, heard);
  return isList(value) ? value.map((item) => filledTexts(item, known, heard)) : value;
}
