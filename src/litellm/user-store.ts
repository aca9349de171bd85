import type { Created, Store } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { USER } from '../kinds/user.ts';
import type { Survey, Wanted } from '../model/survey.ts';
import { addressBook, type AddressBook } from './addresses.ts';
import { inBatches } from './batches.ts';
import { send, type Connection } from './http/request.ts';
import { FEW_PAGES, type Detail } from './survey.ts';
import { gatherRows, scanRows, type Found } from './scan.ts';
import { createThing, gone, isAsSent, taken, textIn, updateThing, type ThingPorts } from './make-thing.ts';
import { removeThings } from './remove-things.ts';
import { surveyOfThings, thingOf, type ThingRow } from './thing-rows.ts';
import { userList, usersById } from './users.ts';

/** So many users are looked up together. */
const AT_ONCE = 100;

/** The users of a server. `look`: what the specs of the run manage. */
export function userStore(connection: Connection, { columns = [] }: Partial<Detail> = {}): Store<'user'> {
  const find = inBatches(AT_ONCE, async (ids: readonly string[]) => {
    const rows = await usersById(connection, ids);
    return new Map(rows.map((each) => [each.id, thingOf(USER, each, columns)]));
  });
  const ports: ThingPorts = { facts: USER, connection, get: find };
  const book = addressBook(connection);
  return {
    kind: 'user',
    survey: (wanted) => surveyUsers(connection, wanted, columns),
    get: find,
    create: async (body) => {
      const sent = body(connection.clock.server());
      const end = await beforeCreation(sent, ports, book);
      return end ?? createThing('/user/new', body, ports);
    },
    update: async (id, body) => {
      try {
        /* An update of an unknown one would make it. */
        if ((await find(id)) === null) return { is: 'refused', error: gone('user', id) };
        const obstacle = await book(id, body(connection.clock.server())['user_email']);
        if (obstacle !== null) return { is: 'refused', error: obstacle };
      } catch (error) {
        if (error instanceof VkeysError) return { is: 'unsent', error };
        throw error;
      }
      return updateThing('/user/update', id, body, ports);
    },
    remove: (ids) =>
      removeThings(
        ids,
        async (left) => (await usersById(connection, left)).map(({ id }) => id),
        (user_ids) => send(connection, { method: 'POST', path: '/user/delete', body: () => ({ user_ids }) }),
      ),
  };
}

/** Why there is nothing to be made. Up to 1.77 the server says that it made one which it had, and did nothing. */
async function beforeCreation(sent: JsonObject, { get }: ThingPorts, book: AddressBook): Promise<Created | null> {
  const id = textIn(sent, USER.identity);
  if (id.trim() !== id) return { is: 'refused', error: blanks(id) };
  try {
    const live = await get(id);
    if (live !== null && isAsSent(USER, sent, live)) return { is: 'done', value: { id, secret: null } };
    const obstacle = live === null ? await book(id, sent['user_email']) : taken(USER, id);
    return obstacle === null ? null : { is: 'refused', error: obstacle };
  } catch (error) {
    if (error instanceof VkeysError) return { is: 'unsent', error };
    throw error;
  }
}

function blanks(id: string): VkeysError {
  return new VkeysError(
    'api',
    `The user_id ${JSON.stringify(id)} has a blank at an end, which some versions of LiteLLM take off.`,
    'Write it without.',
  );
}

/** What is wanted of the users of a server: a few pages whole; of more those that are named. */
async function surveyUsers(connection: Connection, wanted: Wanted, columns: readonly string[]): Promise<Survey> {
  const list = userList(connection);
  const first = await list.read(1);
  const isWhole = wanted.all || first.pages <= FEW_PAGES;
  const nothing: Found<ThingRow> = { rows: [], isShort: false, gaps: [] };
  const found = isWhole ? await gatherRows(scanRows(connection, list, first)) : nothing;
  const there = new Set(found.rows.map(({ id }) => id));
  const missing = [...wanted.ids, ...(isWhole ? [] : wanted.names)].filter((id) => !there.has(id));
  const rows = [...found.rows, ...(await usersById(connection, missing))];
  return surveyOfThings(connection, USER, rows, wanted, {
    columns,
    complete: isWhole && !found.isShort,
    isShort: found.isShort,
    sandbox: first.sandbox,
    gaps: found.gaps,
  });
}
