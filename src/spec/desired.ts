import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Settings } from '../model/fields.ts';
import type { Desired, Origin } from '../model/resource.ts';
import { fill, literal } from '../base/template.ts';
import type { FieldPlace, FieldPlaces } from './field-place.ts';
import type { Entry, Form } from './forms.ts';
import type { Merged, SharedName } from './layers.ts';
import type { User } from './roster.ts';
import type { RosterEntry } from './roster-schema.ts';

/** What one entry's users have in common. */
export type Shared = {
  readonly form: Form;
  readonly entry: Entry;
  readonly set: string;
  readonly domain: string | null;
  readonly state: Desired['state'];
  readonly on_expired: Desired['on_expired'];
  readonly on_lost: Desired['on_lost'];
  readonly origin: Origin;
  /** Texts that came from the environment. */
  readonly secrets: ReadonlySet<string>;
};

export function domainOf(roster: RosterEntry | undefined): string | null {
  return roster === undefined || Array.isArray(roster) ? null : (roster.domain ?? null);
}

/** A thing that the spec asks for has its place there. `sharedWith`: names that are yet to be told apart, see `shared-with.ts`. */
export type DesiredAt = Desired & {
  readonly origin: Origin;
  readonly fieldAt: FieldPlaces;
  /** Where the roster says what a placeholder stands for; `null`: it does not. */
  readonly columnAt: (column: string) => FieldPlace | null;
  readonly sharedWith?: readonly SharedName[];
};

/** The thing of a roster's user, or the one without a roster, with what its placeholders stand for. */
export function desiredOf(
  merged: Merged,
  shared: Shared,
  user: User | null,
  { known, named }: { readonly known: Texts; readonly named: string },
  previously: readonly string[],
  fieldAt: FieldPlaces,
): DesiredAt {
  const found: string[] = [];
  const heard = (template: string, filled: string): void => {
    if (filled !== template && shared.secrets.has(template)) found.push(filled);
  };
  const { form, entry, set } = shared;
  const filled = filledMembers(merged.settings, known, heard);
  const settings = form.facts.hasSecret ? withUserId(filled, merged.names, known, shared.domain) : filled;
  const { user_id } = settings;
  const metadata = filledMembers(merged.metadata, known, heard);
  const extra = filledMembers(merged.extra, known, heard);
  const id = form.idOf(named, entry, set);
  const names = Object.entries(merged.names).map(([field, name]) => [field, fill(name, known)] as const);
  const secrets = found.length === 0 ? shared.secrets : new Set([...shared.secrets, ...found]);
  return {
    ref: { kind: form.facts.kind, name: named },
    ...(id === null ? {} : { id }),
    previously,
    state: shared.state === 'absent' ? 'absent' : merged.state,
    user: user === null ? null : user.user,
    settings,
    ...(names.length === 0 ? {} : { names: Object.fromEntries(names) }),
    metadata,
    ...(merged.lifetime === undefined ? {} : { lifetime: merged.lifetime }),
    ...(merged.opens === null ? {} : { opens: merged.opens }),
    ...(merged.shared_with === undefined ? {} : { sharedWith: sharedNames(merged.shared_with ?? [], known) }),
    on_expired: merged.on_expired ?? shared.on_expired,
    ...onLost(merged.on_lost ?? shared.on_lost),
    ...(merged.rotate === undefined ? {} : { rotate: merged.rotate }),
    extra,
    ...(secrets.size === 0 ? {} : { secrets }),
    placeholders: typeof user_id === 'string' ? { ...known, user_id } : known,
    origin: shared.origin,
    fieldAt,
    columnAt: (column) =>
      user !== null && Object.hasOwn(user.columns, column) ? { text: user.text, origin: user.at(column) } : null,
  };
}

function onLost(on_lost: Desired['on_lost']): Pick<Desired, 'on_lost'> {
  return on_lost === undefined ? {} : { on_lost };
}

function sharedNames(names: readonly SharedName[], known: Texts): readonly SharedName[] {
  const filled = (name: string): string => fill(name, known).normalize('NFC');
  return names.map((name) => (typeof name === 'string' ? filled(name) : { user_id: filled(name.user_id) }));
}

export type Texts = Readonly<Record<string, string>>;

/** A roster's user has a `user_id` by its column of that name, or by the roster's domain, unless it is given. */
function withUserId(settings: Settings, names: Texts, known: Texts, domain: string | null): Settings {
  if (settings['user_id'] !== undefined || names['user_id'] !== undefined) return settings;
  const own = Object.hasOwn(known, 'user_id') ? known['user_id'] : '';
  const user_id = own !== '' || domain === null ? own : fill(`{user}@${literal(domain)}`, known);
  return user_id === undefined || user_id === '' ? settings : { ...settings, user_id };
}

/** Hears of each template and what it became. */
type Heard = (template: string, filled: string) => void;

/** What has no placeholders stays the same value, which thousands of keys may share. */
function filledMembers(value: JsonObject, known: Texts, heard: Heard): JsonObject {
  const entries = Object.entries(value).map(([name, item]) => [name, filledTexts(item, known, heard)] as const);
  return entries.every(([name, item]) => item === value[name]) ? value : Object.fromEntries(entries);
}

function filledTexts(value: Json, known: Texts, heard: Heard): Json {
  if (typeof value === 'string') {
    const filled = fill(value, known);
    heard(value, filled);
    return filled;
  }
  if (isObject(value)) return filledMembers(value, known, heard);
  if (!isList(value)) return value;
  const items = value.map((item) => filledTexts(item, known, heard));
  return items.every((item, index) => item === value[index]) ? value : items;
}
