/**
 * What LiteLLM since 1.108 has added up for exports: one row for each day and key, or model. As CSV, which takes half the room
 * of its JSON; texts that a spreadsheet would take for a formula have a quote in front there.
 */
import { parse } from 'csv-parse/sync';
import type { Connection } from '../http/request.ts';
import { sendForText } from '../http/request.ts';
import { RequestError } from '../http/request-error.ts';
import type { SeeUsage, UsageCell } from '../../model/usage.ts';
import { entityNamed, type Entity } from './breakdown.ts';
import { keyNameIn } from './key-name.ts';
import { inWindows, type Window } from './windows.ts';

export type ExportOptions = {
  readonly entity: Entity;
  /** LiteLLM's `export_type`: what rows tell apart beside days and entities. */
  readonly type: 'daily' | 'daily_with_keys' | 'daily_with_models';
};

/** So many rows are asked for together: a megabyte, and some seconds of the server's. */
const ROWS_AT_ONCE = 6000;
/** A day of 60,000 keys has 10 MB, and takes a server a minute. */
const LONG = { bytes: 128 * 1024 * 1024, times: 20 };

/** Where a server has its exports. */
export function exportPath({ entity }: Pick<ExportOptions, 'entity'>): string {
  return `/${entity}/daily/activity/export`;
}

/** Shows the cells of these days. Throws what `send` throws, and `protocol` for what is no export. */
export function readExports(
  connection: Connection,
  options: ExportOptions,
  days: Window,
  see: SeeUsage,
): Promise<void> {
  return inWindows(days, ROWS_AT_ONCE, async (window) => {
    try {
      return { rows: await readExport(connection, options, window, see) };
    } catch (error) {
      const isTooLong = error instanceof RequestError && (error.unread === 'too much' || error.kind === 'timeout');
      if (!isTooLong || window.since === window.until) throw error;
      return 'too many';
    }
  });
}

async function readExport(
  connection: Connection,
  { entity, type }: ExportOptions,
  { since, until }: Window,
  see: SeeUsage,
): Promise<number> {
  const path = exportPath({ entity });
  const query = { start_date: since, end_date: until, export_type: type, format: 'csv' };
  const text = await sendForText(connection, { method: 'GET', path, query, long: LONG });
  const own = connection.secret?.hash() ?? null;
  let rows = 0;
  try {
    parse(text, {
      columns: true,
      on_record: (record: Readonly<Record<string, string>>) => {
        see(cellOf(record, entity, own));
        rows += 1;
        return null;
      },
    });
  } catch (error) {
    throw noExport(path, error);
  }
  return rows;
}

type Column =
  | 'date'
  | 'entity_id'
  | 'entity_alias'
  | 'api_key'
  | 'key_alias'
  | 'user_id'
  | 'model'
  | 'spend'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'api_requests'
  | 'failed_requests';

function cellOf(record: Readonly<Record<string, string>>, entity: Entity, own: string | null): UsageCell {
  const text = (column: Column): string => {
    const value = record[column];
    if (value === undefined) throw new TypeError(`It has no column ${column}.`);
    return /^'[=+\-@\t\r]/.test(value) ? value.slice(1) : value;
  };
  const number = (column: Column): number => {
    const value = Number(text(column) || Number.NaN);
    if (Number.isNaN(value)) throw new TypeError(`Its ${column} is no number.`);
    return value;
  };
  const key_alias = text('key_alias') || null;
  const named = entityNamed(entity, text('entity_id'), text('entity_alias') || null);
  return {
    ...named,
    day: text('date'),
    key_id: keyNameIn(text('api_key'), key_alias, own),
    key_alias,
    /* An owner that the entity is not is the key's. */
    user_id: named.user_id ?? (text('user_id') || null),
    model: text('model') || null,
    requests: number('api_requests'),
    failed: number('failed_requests'),
    prompt_tokens: number('prompt_tokens'),
    completion_tokens: number('completion_tokens'),
    spend: number('spend'),
  };
}

function noExport(path: string, cause: unknown): RequestError {
  const why = cause instanceof Error ? ` ${cause.message}` : '';
  return new RequestError(
    'protocol',
    `The answer to ${path} is not one of LiteLLM's.${why}`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { reach: 'unknown', cause },
  );
}
