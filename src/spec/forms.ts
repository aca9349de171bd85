/** How things of each kind are written in a spec. */
import { uuidOf } from '../base/uuid.ts';
import { BUDGET } from '../kinds/budget.ts';
import { KEY } from '../kinds/key.ts';
import { MEMBER } from '../kinds/member.ts';
import { TEAM } from '../kinds/team.ts';
import { USER } from '../kinds/user.ts';
import type { KindFacts } from '../model/kind.ts';
import { aliasProblem, nameProblem } from './alias.ts';
import { defaultsSchema, keySchema } from './key-schema.ts';
import type { Layer } from './layers.ts';
import {
  budgetSchema,
  memberLayerSchema,
  memberSchema,
  teamLayerSchema,
  teamSchema,
  userLayerSchema,
  userSchema,
} from './people-schema.ts';
import type { Problem } from './read/text.ts';
import type { RosterEntry } from './roster-schema.ts';
import type { Schema } from './schema-parts.ts';

/** One item of a list of a spec; its name stands under the field that its kind's `naming` says. */
export type Entry = Layer & {
  readonly previously?: string | readonly string[] | undefined;
  readonly roster?: RosterEntry | undefined;
  readonly overrides?: Readonly<Record<string, Layer>> | undefined;
  readonly policy?: string | undefined;
};

export type Form = {
  readonly facts: KindFacts;
  /** The field of an entry that has its name. */
  readonly naming: string;
  readonly schema: Schema<Entry>;
  /** Of one layer alone: what a column of a roster can say. */
  readonly layer: Schema<Layer>;
  /** What is wrong with a name. */
  readonly problem: (name: string) => Problem | null;
  /** The id that it is to have, where that is chosen here. */
  readonly idOf: (name: string, entry: Entry, set: string) => string | null;
};

const named = ({ naming, kind }: KindFacts) => ({ naming, problem: (name: string) => nameProblem(kind, name) });

export const KEY_FORM: Form = {
  facts: KEY,
  naming: KEY.naming,
  schema: keySchema,
  layer: defaultsSchema,
  problem: aliasProblem,
  idOf: () => null,
};

export const BUDGET_FORM: Form = {
  facts: BUDGET,
  ...named(BUDGET),
  schema: budgetSchema,
  layer: budgetSchema,
  idOf: (name) => name,
};

export const USER_FORM: Form = {
  facts: USER,
  ...named(USER),
  schema: userSchema,
  layer: userLayerSchema,
  idOf: (name) => name,
};

export const TEAM_FORM: Form = {
  facts: TEAM,
  ...named(TEAM),
  schema: teamSchema,
  layer: teamLayerSchema,
  idOf: (name, entry, set) =>
    'team_id' in entry && typeof entry.team_id === 'string' ? entry.team_id : uuidOf('team', set, name),
};

/** A member has no id of its own, and is known by the team's and the user's. */
export const MEMBER_FORM: Form = {
  facts: MEMBER,
  naming: 'user_id',
  schema: memberSchema,
  layer: memberLayerSchema,
  problem: (name) => nameProblem('user', name),
  idOf: () => null,
};

/** A name as the entry has it, a template perhaps. */
export function nameIn(entry: Entry, { naming }: Form): string {
  return Object.entries(entry)
    .flatMap(([member, value]) => (member === naming && typeof value === 'string' ? [value] : []))
    .join('');
}
