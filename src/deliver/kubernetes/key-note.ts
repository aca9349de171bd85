/** An annotation for each key of a Secret: which key it is, of which set, and when it ends. Free of secrets. */
import { isObject, parseJson, stringifyJson } from '../../base/json.ts';
import type { Addressee } from '../handout.ts';

const PREFIX = 'vkeys/key-';

/** By its name no two keys are one; names have up to 63 characters. */
export function noteName({ key_id }: Pick<Addressee, 'key_id'>): string {
  return PREFIX + key_id.slice(0, 16);
}

export function noteOf({ key_id, key_alias, placeholders, expires }: Addressee): string {
  return stringifyJson({ set: placeholders['set'] ?? null, key_alias, key_id, expires: expires ?? null });
}

/** Whether the annotation is one of these, of whatever key. */
export function isNote(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** The key that an annotation is of. */
export function notedKey(text: string): string | null {
  const note = parseJson(text);
  const key_id = isObject(note) ? note['key_id'] : null;
  return typeof key_id === 'string' ? key_id : null;
}
