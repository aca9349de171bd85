/**
 * What we apply to a Secret. An apply replaces all that our field manager has, so what is there of other keys is applied
 * again with it; of our own, what the spec says no more is left out, and so it goes. Pure.
 */
import { DATA_NAME } from '../../encode/kubernetes-name.ts';
import type { Left, Part } from '../sink.ts';
import { hasOthers, heldAmong, leavingAmong, renamedAmong, valuesFor, type Values } from '../variables.ts';
import { isNote, notedKey, noteName, noteOf } from './key-note.ts';
import { MANAGED_BY, metadataFor, typeFor } from './parts.ts';
import type { StoredSecret } from './stored-secret.ts';

type Texts = Readonly<Record<string, string>>;

/** `data` in base64; without a `type`, that which it has or is given. */
export type WantedSecret = {
  readonly data: Texts;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly type: string | undefined;
};

/** Throws `delivery` for what cannot be filled in, and what two keys want otherwise. */
export function wantedSecret(stored: StoredSecret | null, parts: readonly Part[]): WantedSecret {
  const key_ids = new Set(parts.map(({ key }) => key.key_id));
  const values = valuesFor(parts, DATA_NAME);
  const before = stored === null ? new Map<string, string>() : ownValues(stored);
  const renamed = renamedAmong(before, parts, DATA_NAME);
  const rest: Values = new Map([...before].filter(([name]) => !values.has(name) && !renamed.has(name)));
  const isShared = hasOthers(rest, key_ids);
  const kept = isShared ? rest : new Map<string, string>();
  const asked = metadataFor(parts);
  const notes = parts.map(({ key }) => [noteName(key), noteOf(key)] as const);
  return {
    data: { ...pick(stored?.data, (name) => kept.has(name)), ...encoded(values) },
    labels: {
      ...pick(stored?.labels, (name) => isShared && stored?.owned.labels.has(name) === true),
      ...(isMarkable(stored) ? MANAGED_BY : {}),
      ...asked.labels,
    },
    annotations: {
      ...pick(stored?.annotations, (name, text) => {
        if (!isShared || stored?.owned.annotations.has(name) !== true) return false;
        return !isNote(name) || isNoteOf(text, kept);
      }),
      ...asked.annotations,
      ...Object.fromEntries(notes),
    },
    type: typeFor(parts) ?? stored?.type,
  };
}

/** Whether all of it is there, ours, and nothing more of ours. */
export function isHeld({ data, labels, annotations, type }: WantedSecret, stored: StoredSecret): boolean {
  const isAs = (member: 'data' | 'labels' | 'annotations', wanted: Texts): boolean => {
    const owned = stored.owned[member];
    const names = Object.keys(wanted);
    return (
      names.length === owned.size && names.every((name) => owned.has(name) && stored[member][name] === wanted[name])
    );
  };
  return isAs('data', data) && isAs('labels', labels) && isAs('annotations', annotations) && type === stored.type;
}

/** A field of it that is there with another value, and is not ours: as who manages fields calls it. `null`: there is none. */
export function foreignField(wanted: WantedSecret, stored: StoredSecret): string | null {
  for (const member of ['data', 'labels', 'annotations'] as const) {
    const found = Object.entries(wanted[member]).find(([name, text]) => {
      const there = stored[member][name];
      return there !== undefined && there !== text && !stored.owned[member].has(name);
    });
    if (found !== undefined) return `${member === 'data' ? member : `metadata.${member}`}.${found[0]}`;
  }
  return null;
}

/** What goes with keys that are gone, by name. */
export type Leaving = Readonly<Record<'data' | 'labels' | 'annotations', readonly string[]>>;

/** `null`: nothing of them is there. With the last key of ours all that is ours goes. */
export function leavingSecret(stored: StoredSecret, left: readonly Left[]): Leaving | null {
  const key_ids = new Set(left.map(({ key_id }) => key_id));
  if (heldAmong(stored.values, key_ids).size === 0) return null;
  const leaving = leavingAmong(stored.values, left);
  const rest: Values = new Map([...ownValues(stored)].filter(([name]) => !leaving.has(name)));
  const isLast = !hasOthers(rest, key_ids);
  const { data, labels, annotations } = stored.owned;
  return {
    data: [...new Set([...leaving, ...(isLast ? data : [])])],
    labels: isLast ? [...labels] : [],
    annotations: [...annotations].filter(
      (name) => isLast || (isNote(name) && !isNoteOf(stored.annotations[name] ?? '', rest)),
    ),
  };
}

function ownValues({ values, owned }: StoredSecret): Values {
  return new Map([...values].filter(([name]) => owned.data.has(name)));
}

/** Whoever else manages it says so in its label, which stays. */
function isMarkable(stored: StoredSecret | null): boolean {
  const [[label, ours] = ['', '']] = Object.entries(MANAGED_BY);
  const there = stored?.labels[label];
  return there === undefined || there === ours;
}

function isNoteOf(text: string, values: Values): boolean {
  const key_id = notedKey(text);
  return key_id !== null && heldAmong(values, new Set([key_id])).size > 0;
}

function encoded(values: Values): Texts {
  return Object.fromEntries([...values].map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('base64')]));
}

function pick(texts: Texts = {}, isWanted: (name: string, text: string) => boolean): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([name, text]) => isWanted(name, text)));
}
