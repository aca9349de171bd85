/** A live thing as an item of a spec's list. What would show a secret is left out and told. */
import { sameJson, textOf, type Json, type JsonObject } from '../../base/json.ts';
import { hidden } from '../../base/hidden.ts';
import { shownMember } from '../../model/memo.ts';
import type { Notice } from '../../model/plan.ts';
import type { Desired } from '../../model/resource.ts';
import { NOT_SHARED, usersIn, type Sharing } from '../../model/sharing.ts';
import { shownSettings } from '../../model/shown.ts';
import type { Form } from '../forms.ts';
import { verbatim } from './verbatim.ts';

/** `left`: what of the thing the entry does not say. */
export type WrittenEntry = { readonly entry: JsonObject; readonly left: readonly Notice[] };

/** What a thing of the set is to have, as a spec says it. `metadata`: all of it, with our mark, which knows what is secret. */
export function entryOf(form: Form, desired: Desired, metadata: JsonObject, set: string): WrittenEntry {
  const { ref, secrets } = desired;
  const fields = openOf(desired.settings, (name, value) => {
    const own = { [name]: value };
    return sameJson(shownSettings(own, secrets), own);
  });
  const members = openOf(desired.metadata, (name, value) =>
    sameJson(shownMember(name, value, metadata, secrets), value),
  );
  const extra = openOf(desired.extra, (name, value) => sameJson(hidden(value, name, secrets), value));
  const entry = verbatim({
    ...headOf(form, desired, set),
    ...ownFields(form, fields.open),
    ...endOf(desired),
    ...(desired.opens == null ? {} : { opens: desired.opens }),
    ...sharedWith(desired.sharing ?? NOT_SHARED),
    ...(Object.keys(members.open).length === 0 ? {} : { metadata: members.open }),
    ...(Object.keys(extra.open).length === 0 ? {} : { extra: extra.open }),
  });
  const secret = [...fields.secret, ...members.secret.map((name) => `metadata.${name}`), ...extra.secret];
  return {
    entry,
    left: secret.map((name) => ({
      code: 'export',
      ref,
      message: `${name} has a secret in it, so it is not in the spec.`,
      hint: SECRET,
    })),
  };
}

const SECRET = 'It stays as the server has it. To have it in the spec, write it there yourself, e.g. as ${VARIABLE}.';
/** The members whose values may be shown, and the names of the others. */
function openOf(
  members: JsonObject,
  isShown: (name: string, value: Json) => boolean,
): { readonly open: JsonObject; readonly secret: readonly string[] } {
  const isOpen = ([name, value]: readonly [string, Json]): boolean => isShown(name, value);
  const all = Object.entries(members);
  return {
    open: Object.fromEntries(all.filter(isOpen)),
    secret: all.filter((each) => !isOpen(each)).map(([name]) => name),
  };
}

/** Its name, and its id where the spec would give it another one. */
function headOf({ facts, naming, idOf }: Form, { ref, id, settings }: Desired, set: string): JsonObject {
  const { identity, partOf } = facts;
  if (partOf !== null) return { [naming]: textOf(settings[naming]) };
  const isOwn = id === undefined || identity === null || identity === naming || idOf(ref.name, {}, set) === id;
  return { [naming]: ref.name, ...(isOwn ? {} : { [identity]: id }) };
}

/** Of a part that is not said which the whole says. */
function ownFields({ facts: { partOf, fields }, naming }: Form, settings: JsonObject): JsonObject {
  if (partOf === null) return settings;
  const said = new Set([naming, `${partOf}_id`]);
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => !said.has(name) && value !== fields[name]?.cleared),
  );
}

function endOf({ lifetime }: Desired): JsonObject {
  if (lifetime === undefined) return {};
  if (lifetime === 'never') return { expires: null };
  return lifetime;
}

/** A name that is no group is surely a user. */
function sharedWith(sharing: Sharing): JsonObject {
  const { shared_with: names } = sharing;
  if (names.length === 0) return {};
  return { shared_with: names.map((name) => (usersIn(sharing, name) === undefined ? { user_id: name } : name)) };
}
