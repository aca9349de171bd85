/** What budgets, users and teams have in common, as rows and as what is done to them. */
import type { Body, Created } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { sameField } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import type { Landed } from '../model/landed.ts';
import type { Live } from '../model/resource.ts';
import type { Survey, Wanted } from '../model/survey.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { createOnce } from './create-once.ts';
import { send, sendOnce, type Connection } from './http/request.ts';
import { RequestError, undone } from './http/request-error.ts';
import { listedFields, settingsOf } from './row-settings.ts';
import { extraOf, markOf, momentOf } from './rows.ts';

/** A row of the server's, and the id that it has. */
export type ThingRow = { readonly id: string; readonly row: JsonObject };

/** A row with its id. Throws `protocol` for one that has none. */
export function thingRow({ identity }: KindFacts, row: unknown, path: string): ThingRow {
  const id = isObject(row) ? row[identity ?? ''] : null;
  if (isObject(row) && typeof id === 'string') return { id, row };
  throw new RequestError(
    'protocol',
    `A row of ${path} has no ${String(identity)}.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { reach: 'unknown' },
  );
}

/** A row as a `Live` thing, with these columns of it in `extra`. */
export function thingOf(
  { kind, naming, fields }: KindFacts,
  { id, row }: ThingRow,
  columns: readonly string[] = [],
): Live {
  const { metadata: whole, created_at, budget_reset_at, spend } = readAs(ANSWERS.Thing, row, kind);
  const metadata = isObject(whole) ? whole : {};
  const name = row[naming];
  return {
    kind,
    id,
    name: typeof name === 'string' ? name : null,
    key_name: null,
    settings: settingsOf(fields, row, metadata),
    metadata,
    mark: markOf(metadata),
    created_at: momentOf(created_at),
    expires: null,
    budget_reset_at: momentOf(budget_reset_at),
    spend: spend ?? 0,
    extra: extraOf(columns, row, metadata),
  };
}

/** What was found of a kind, of which everything counts that is wanted. */
export function surveyOfThings(
  connection: Connection,
  facts: KindFacts,
  rows: readonly ThingRow[],
  wanted: Wanted,
  {
    columns = [],
    ...more
  }: Pick<Survey, 'complete' | 'isShort' | 'sandbox' | 'gaps'> & {
    readonly columns?: readonly string[];
  },
): Survey {
  const all = [...new Map(rows.map((each) => [each.id, each])).values()];
  const [first, ...others] = all.map(({ row }) => listedFields(facts.fields, row));
  const isWanted = wantedThings(facts, wanted, true);
  return {
    kind: facts.kind,
    lives: all.filter(isWanted).map((each) => thingOf(facts, each, columns)),
    now: connection.clock.server(),
    listed: first === undefined ? null : new Set([...first].filter((name) => others.every((each) => each.has(name)))),
    ...more,
  };
}

/** Whether a row is wanted, by its id, by its name, or by whose it is; `others`: where that does not matter. */
export function wantedThings(
  facts: KindFacts,
  { ids, names, keep }: Wanted,
  others: boolean,
): (each: ThingRow) => boolean {
  const [byId, byName] = [new Set(ids), new Set(names)];
  return (each) => {
    if (byId.has(each.id)) return true;
    const live = thingOf(facts, each);
    return byName.has(live.name ?? '') || (keep?.(live) ?? others);
  };
}

/** How a kind's things are made, changed and looked at. */
export type ThingPorts = {
  readonly facts: KindFacts;
  readonly connection: Connection;
  readonly get: (id: string) => Promise<Live | null>;
};

/** Makes a thing under the id that its body has, once. One that has the id already and is not what was sent refuses it. */
export async function createThing(path: string, body: Body, { facts, connection, get }: ThingPorts): Promise<Created> {
  const { kind, identity } = facts;
  const sent = body(connection.clock.server());
  const id = textIn(sent, identity);
  const landed = await createOnce(connection, {
    send: () => sendOnce(connection, { method: 'POST', path, body }),
    find: async () => {
      const live = await get(id);
      return live === null ? 'absent' : isAsSent(facts, sent, live) ? 'ours' : taken(facts, id);
    },
    /* What an id that is taken answers with is another status and sentence on each version. */
    mayBeThere: (error) => error instanceof RequestError && error.reach === 'answered' && !error.transient,
    unsettled: {
      message: `Whether the ${kind} was created is not known yet.`,
      hint: 'Run the same command again: it looks, and settles it.',
    },
  });
  return landed.is === 'done' ? { is: 'done', value: { id, secret: null } } : landed;
}

/** The id in a body, which our kinds always have. */
export function textIn(body: JsonObject, field: string | null): string {
  const text = body[field ?? ''];
  if (typeof text === 'string') return text;
  throw new Error(`a body without ${String(field)}`);
}

/** By the mark, or, where there is none, by all that was sent. */
export function isAsSent({ fields }: KindFacts, sent: JsonObject, live: Live): boolean {
  const mark = isObject(sent['metadata']) ? sent['metadata']['vkeys'] : null;
  if (isObject(mark)) return live.mark !== null && live.mark.set === mark['set'] && live.mark.name === mark['name'];
  const same = (name: string, to: Json): boolean => {
    const field = fields[name];
    return field === undefined || sameField(field, to, live.settings[name]);
  };
  return Object.entries(sent).every(([name, to]) => same(name, to));
}

/** Why a thing is not made. */
export function taken({ kind }: KindFacts, id: string): VkeysError {
  return new VkeysError(
    'api',
    `The server has a ${kind} ${id} already, and it is not the one that was to be made.`,
    `Give yours another ${kind === 'user' ? 'user_id' : `${kind}_id`}, or take it over as it is: --adopt.`,
  );
}

/** Changes a thing and answers with it as it is afterwards. */
export async function updateThing(
  path: string,
  id: string,
  body: Body,
  { facts: { kind, identity }, connection, get }: ThingPorts,
): Promise<Landed<Live>> {
  const sent = await landing(() =>
    send(connection, { method: 'POST', path, body: (now) => ({ ...body(now), [identity ?? '']: id }) }),
  );
  return sent.is === 'done' ? readAfter(async () => (await get(id)) ?? gone(kind, id)) : sent;
}

/** What was changed, as it is now. Where it cannot be read, nobody knows what became of the change. */
export async function readAfter<T>(read: () => Promise<T | VkeysError>): Promise<Landed<T>> {
  const landed = await landing(read);
  return landed.is === 'unsent' ? { ...landed, is: 'unsettled' } : landed;
}

/** What a change came to, which answers with its result, or with why there is none. */
export async function landing<T>(work: () => Promise<T | VkeysError>): Promise<Landed<T>> {
  try {
    const value = await work();
    return value instanceof VkeysError ? { is: 'refused', error: value } : { is: 'done', value };
  } catch (error) {
    if (error instanceof VkeysError) return undone(error);
    throw error;
  }
}

/** Why something cannot be changed. */
export function gone(kind: string, name: string): VkeysError {
  return new VkeysError(
    'api',
    `The ${kind} ${name} was deleted meanwhile.`,
    'Run the same command again to plan anew.',
  );
}

const DONE: Landed = { is: 'done', value: undefined };

/** So often what is left is deleted again. */
const ROUNDS = 3;

/**
 * Deletes things. One that is unknown would keep the server from deleting the others, so those that are there are looked
 * for first, and afterwards: a refusal alone never means that they are gone.
 */
export async function removeThings(
  ids: readonly string[],
  there: (ids: readonly string[]) => Promise<readonly string[]>,
  remove: (ids: readonly string[]) => Promise<unknown>,
): Promise<ReadonlyMap<string, Landed>> {
  let left = ids;
  let end: Landed<unknown> = DONE;
  for (let round = 0; ; round += 1) {
    const seen = await (round === 0 ? landing(() => there(left)) : readAfter(() => there(left)));
    if (seen.is === 'done') left = seen.value;
    else end = seen;
    if (seen.is !== 'done' || left.length === 0 || round === ROUNDS) break;
    end = await landing(() => remove(left));
  }
  const still = new Set(left);
  return new Map(ids.map((id) => [id, still.has(id) && end.is !== 'done' ? end : DONE]));
}
