import type { JsonObject } from '../base/json.ts';
import type { Addressee } from './handout.ts';
import type { Left, Part } from './sink.ts';

/** A kind of text file that holds keys: text in, text out. `null` is no file. Throws `delivery` for a text that is not understood. */
export type TextFormat = {
  /** What the keyring is to remember besides the path. Throws `delivery` for what cannot be filled in. */
  detail(part: Part<Addressee>): JsonObject | null;
  /** The text with these keys. What is there of others stays. */
  put(text: string | null, parts: readonly Part[]): Promise<string>;
  /** Of these keys, those whose secret is in the text. */
  held(text: string, key_ids: ReadonlySet<string>): Promise<ReadonlySet<string>>;
  /** The text without these keys; `null` when nothing is left. */
  remove(text: string, left: readonly Left[]): Promise<string | null>;
};
