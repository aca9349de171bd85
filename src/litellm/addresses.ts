/**
 * Whose an e-mail address is, whatever its case. Servers compare it before they make a user, before 1.77 only letter by
 * letter, and never before they change one; two users with one address cannot be told apart by it.
 */
import { VkeysError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import type { Connection } from './http/request.ts';
import { gatherRows, scanRows } from './scan.ts';
import type { ThingRow } from './thing-rows.ts';
import { userList } from './users.ts';

/** Why a user cannot have an address; `null`: nobody else has it. */
export type AddressBook = (user_id: string, address: Json | undefined) => Promise<VkeysError | null>;

/** The addresses on a server, and those that this run gives to users. */
export function addressBook(connection: Connection): AddressBook {
  const given = new Map<string, string>();
  let whole: Promise<ReadonlyMap<string, string>> | null = null;
  const holder = async (address: string): Promise<string | null> => {
    const list = userList(connection, { user_email: address });
    const first = await list.read(1);
    const isFiltered = first.rows.every((row) => addressOf(row).includes(address));
    if (isFiltered && first.pages <= 1) return first.rows.find((row) => addressOf(row) === address)?.id ?? null;
    /* Before 1.77 this is the list of all users, which is read once. */
    const read = async (): Promise<ReadonlyMap<string, string>> => {
      const { rows } = await gatherRows(scanRows(connection, list, first), (row) => addressOf(row) !== '');
      return new Map(rows.toReversed().map((row) => [addressOf(row), row.id]));
    };
    return (await (isFiltered ? read() : (whole ??= read()))).get(address) ?? null;
  };
  return async (user_id, text) => {
    if (typeof text !== 'string' || text === '') return null;
    const address = text.toLowerCase();
    const other = given.get(address) ?? user_id;
    if (other !== user_id) return takenBy(text, other);
    given.set(address, user_id);
    const found = await holder(address);
    if (found === null || found === user_id) return null;
    given.delete(address);
    return takenBy(text, found);
  };
}

/** The users who have an address, of however many. */
export async function usersAt(connection: Connection, text: string): Promise<readonly ThingRow[]> {
  const address = text.toLowerCase();
  const list = userList(connection, { user_email: address });
  const scan = scanRows(connection, list, await list.read(1));
  return (await gatherRows(scan, (row) => addressOf(row) === address)).rows;
}

function addressOf({ row }: ThingRow): string {
  const address = row['user_email'];
  return typeof address === 'string' ? address.toLowerCase() : '';
}

function takenBy(address: string, user_id: string): VkeysError {
  return new VkeysError(
    'api',
    `The user ${user_id} has the user_email ${address} already.`,
    'Leave user_email out, or give each user their own.',
  );
}
