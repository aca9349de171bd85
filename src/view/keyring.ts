import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Entry } from '../model/keyring.ts';
import type { Look } from './look.ts';
import { tableText } from './table.ts';
import { fromNow } from './time.ts';
import { count } from './value.ts';

/** What a keyring has for a key, and where: no secret. */
export type KnownKey = { readonly server: string; readonly set: string; readonly entry: Entry };

/** For programs. `state`: `pending` until all that was delivered is durable, `gone` when the server has the key no more. */
export function keyringJson({ server, set, entry }: KnownKey): JsonObject {
  const { name, key_id, at, expires, gone, places } = entry;
  const state = stateOf(entry);
  return {
    name,
    key_id,
    set,
    server,
    state,
    minted_at: at,
    expires,
    gone_at: gone,
    places: places.map(({ path }) => path),
  };
}

function stateOf({ gone, pending }: Entry): 'pending' | 'done' | 'gone' {
  if (gone !== null) return 'gone';
  return pending ? 'pending' : 'done';
}

const COLUMNS = ['name', 'key_id', 'set', 'server', 'state', 'since', 'places'];

/** As a table for a terminal, or as tab-separated lines without a header for a program. */
export function keyringText(keys: readonly KnownKey[], look: Look): string {
  const piped = look.columns === null;
  const rows = keys.map(({ server, set, entry }) => {
    const since = piped ? entry.at : whenText(entry.at, look.now);
    const places = entry.places.map(({ path }) => path).join(', ');
    const key_id = piped ? entry.key_id : `${entry.key_id.slice(0, 12)}…`;
    return [entry.name, key_id, set, server, stateOf(entry), since, places].map(oneLine);
  });
  if (piped) return rows.map((row) => `${row.join('\t')}\n`).join('');
  return rows.length === 0 ? 'No secrets.\n' : `${tableText(COLUMNS, rows, look)}\n${count(rows.length, 'secret')}\n`;
}

function whenText(moment: string, now: Date): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : fromNow(date, now);
}
