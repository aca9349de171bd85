import { isList, isObject, sameJson, type Json, type JsonObject } from '../base/json.ts';

/**
 * What is known of a field that vkeys manages, under LiteLLM's own name. A spec's schema, the diff, the requests, the flags
 * and the views all read such rows, so a new field is one row in its kind's table.
 */
export type Field = {
  readonly kind: 'number' | 'integer' | 'string' | 'duration' | 'boolean' | 'strings' | 'object' | 'objects';
  /** One line of help. */
  readonly about: string;
  /** What an update sends to clear the field. LiteLLM wants `null` for some, an empty value for others, or one that means the same. */
  readonly cleared: null | false | string | readonly string[] | JsonObject;
  /** Where a row of a list has it: at its top level, or inside `metadata` although it is sent at the top. */
  readonly home: 'column' | 'metadata';
  /** The column's name where it is not the field's. */
  readonly column?: string;
  /** First version that keeps the field; older ones drop it silently. */
  readonly since?: string;
  /** First version that holds calls to it; older ones only keep it. */
  readonly enforcedSince?: string;
  /** First version whose updates keep it; older ones do so only at creation. */
  readonly changeableSince?: string;
  /** First version that can clear it; older ones ignore that silently. `null`: none can. */
  readonly clearableSince?: string | null;
  /** First version whose lists have it; before, only the look at a single one. */
  readonly listedSince?: string;
  /** What the server has where nothing was set. */
  readonly unset?: string;
  /** Without a value there is nothing of it; of other limits and lists there is then everything. */
  readonly none?: 'nothing';
  /** Each item of the list asks something of the calls, and allows nothing. */
  readonly asks?: true;
  /** Set at creation and never again. */
  readonly createOnly?: true;
  /** No row has it as it was sent, so that it cannot be compared. */
  readonly untold?: true;
  /** The server adds members of its own to the object, and merges what it is sent member by member. */
  readonly open?: true;
  /** What is wanted together with what has to go along with it, seeing what is there; an open object only. */
  readonly along?: (wanted: JsonObject, live: JsonObject) => JsonObject;
  /** The server wants this field whenever it gets that one. */
  readonly togetherWith?: string;
  /** The open-source server refuses it (403 or 500) without a licence. */
  readonly licence?: true;
};

export type FieldTable = Readonly<Record<string, Field>>;

/** The names of the fields that rows tell. */
export function toldFields(table: FieldTable): readonly string[] {
  return Object.entries(table).flatMap(([name, { untold }]) => (untold === true ? [] : [name]));
}

/** A thing's managed fields: absent is not managed (Desired) or unknown (Live), `null` is cleared, anything else is set. */
export type Settings = { readonly [field: string]: Json };

/** The fields that are there, with their rows and values, in the table's order. */
export function settingsEntries(table: FieldTable, settings: Settings): readonly (readonly [string, Json, Field])[] {
  return Object.entries(table).flatMap(([name, field]) => {
    const value = settings[name];
    return value === undefined ? [] : [[name, value, field] as const];
  });
}

function isEmpty(value: Json): boolean {
  return value === null || (isList(value) && value.length === 0);
}

/** The server does not tell a member of an open object that is empty from one that is not there. */
function isBlank(value: Json | undefined): boolean {
  return value == null || isEmpty(value) || (isObject(value) && Object.keys(value).length === 0);
}

/** Whether a value is the same as none: LiteLLM has `null`, `[]` and `{}` for a cleared field, and `false` for a flag. */
export function isCleared({ unset, kind, cleared }: Field, value: Json | undefined): boolean {
  if (value == null || value === unset || sameJson(value, cleared)) return true;
  if (kind === 'boolean') return value === false;
  return isEmpty(value) || (isObject(value) && Object.values(value).every(isEmpty));
}

/** What a field is to have, seeing what it has. */
export function wholeWish({ along }: Field, wanted: Json, live: Json | undefined): Json {
  return along !== undefined && isObject(wanted) && isObject(live) ? along(wanted, live) : wanted;
}

/** What an update sends to clear the field: every member of an open object that the server has, also those that nobody knows here. */
export function clearing({ cleared, open }: Field, live: Json | undefined): Json {
  if (open !== true || !isObject(live) || !isObject(cleared)) return cleared;
  const emptied = Object.entries(live).map(([name, value]) => [name, isList(value) ? [] : isObject(value) ? {} : null]);
  return { ...Object.fromEntries(emptied), ...cleared };
}

/**
 * Whether the server has what is wanted. Lists of names are sets; of an open object only the wanted members count, because
 * the server adds members of its own.
 */
export function sameField(field: Field, wanted: Json, live: Json | undefined): boolean {
  if (isCleared(field, wanted)) return isCleared(field, live);
  if (field.kind === 'strings' && isList(wanted) && isList(live)) {
    return wanted.every((item) => live.includes(item)) && live.every((item) => wanted.includes(item));
  }
  if (field.kind === 'object' && isObject(wanted) && isObject(live)) {
    const extras = Object.keys(live).filter((member) => !Object.hasOwn(wanted, member) && live[member] !== null);
    const isOpen = field.open === true;
    const ours = Object.keys(wanted).every(
      (member) =>
        sameJson(wanted[member], live[member] ?? null) || (isOpen && isBlank(wanted[member]) && isBlank(live[member])),
    );
    return ours && (extras.length === 0 || isOpen);
  }
  return sameJson(wanted, live);
}
