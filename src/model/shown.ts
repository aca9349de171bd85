/** What is shown of a change: the same, with `(secret)` in the place of what nobody is shown. */
import { hidden, hiddenUnless, isFromEnvironment, type Hidden } from '../base/hidden.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { shownMember } from './memo.ts';
import type { Change, FieldChange } from './change.ts';
import type { Settings } from './fields.ts';
import type { Desired } from './resource.ts';
import { isSharing } from './sharing.ts';

/** Fields with members of anybody's making. */
const OPEN: ReadonlySet<string> = new Set(['config', 'router_settings']);

/** Each line of a change as it may be shown. */
export function shownChanges({ fields, desired, live }: Change): readonly FieldChange[] {
  return fields.map((change) => shownChange(change, live?.metadata ?? {}, desired?.secrets));
}

/** `metadata`: the key's, whose mark remembers what is to be hidden. */
export function shownChange({ field, from, to }: FieldChange, metadata: JsonObject, own?: Hidden): FieldChange {
  const isPlain = OPEN.has(field) || isSharing(field);
  const name = field.startsWith('metadata.') ? field.slice('metadata.'.length) : isPlain ? '' : field;
  /* What was there before may have come from the environment of another run. */
  if (isFromEnvironment(to, name, own)) {
    const shown = hidden(to, name, own);
    return { field, from: hiddenUnless(from, shown), to: shown };
  }
  const shown = (value: Json): Json =>
    field === `metadata.${name}` ? shownMember(name, value, metadata, own) : hidden(value, name, own);
  return { field, from: shown(from), to: shown(to) };
}

/** Settings as they may be shown. */
export function shownSettings(settings: Settings, own?: Hidden): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, OPEN.has(name) ? hidden(value, '', own) : value]),
  );
}

/** `extra` of a spec as it may be shown. */
export function shownExtra({ extra, secrets }: Pick<Desired, 'extra' | 'secrets'>): JsonObject {
  return Object.fromEntries(Object.entries(extra).map(([name, value]) => [name, hidden(value, name, secrets)]));
}
