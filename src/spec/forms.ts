/** How things of each kind are written in a spec. */
import { KEY } from '../kinds/key.ts';
import type { KindFacts } from '../model/kind.ts';
import { aliasProblem } from './alias.ts';
import { defaultsSchema, keySchema } from './key-schema.ts';
import type { Layer } from './layers.ts';
import type { Problem } from './read/text.ts';
import type { RosterEntry } from './roster-schema.ts';
import type { Schema } from './schema-parts.ts';

/** One item of a list of a spec. */
export type Entry = Layer & {
  readonly previously?: string | readonly string[] | undefined;
  readonly roster?: RosterEntry | undefined;
  readonly overrides?: Readonly<Record<string, Layer>> | undefined;
  readonly policy?: string | undefined;
};

export type Form = {
  readonly facts: KindFacts;
  readonly schema: Schema<Entry>;
  /** Of one layer alone: what a column of a roster can say, or an override. */
  readonly layer: Schema<Layer>;
  /** Its name as the entry has it, a template perhaps. */
  readonly nameIn: (entry: Entry) => string;
  /** What is wrong with a name. */
  readonly problem: (name: string) => Problem | null;
  /** The id that it is to have, where that is ours to choose. */
  readonly idOf: (name: string, entry: Entry, set: string) => string | null;
};

export const KEY_FORM: Form = {
  facts: KEY,
  schema: keySchema,
  layer: defaultsSchema,
  nameIn: (entry) => ('key_alias' in entry && typeof entry.key_alias === 'string' ? entry.key_alias : ''),
  problem: aliasProblem,
  idOf: () => null,
};
