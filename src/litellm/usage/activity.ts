/**
 * Activity in pages of a thousand rows, as every version has it. Pages are ordered by day alone, so that rows of one day may
 * come twice or never when there are several: days are read in windows that have one page, and only a day with more in several.
 */
import type { SeeUsage } from '../../model/usage.ts';
import { readAs } from '../answer-shapes.ts';
import { send, type Connection } from '../http/request.ts';
import { cellsOf, type BreakdownOptions, type Entity } from './breakdown.ts';
import { ACTIVITY, type ActivityDay } from './shapes.ts';
import { inWindows, type Window } from './windows.ts';

/** The most that LiteLLM gives. */
const PAGE_SIZE = 1000;

export type ActivityOptions = Omit<BreakdownOptions, 'own'> & {
  /** Of this key alone. */
  readonly api_key?: string;
};

/** Where a server has activity. */
export function activityPath(entity: Entity): string {
  return `/${entity}/daily/activity`;
}

/** Shows the cells of these days. Throws what `send` throws, and `protocol` for what is no activity. */
export function readActivity(
  connection: Connection,
  options: ActivityOptions,
  days: Window,
  see: SeeUsage,
): Promise<void> {
  const own = connection.secret?.hash() ?? null;
  const show = (results: readonly ActivityDay[]): void => {
    for (const result of results) for (const cell of cellsOf(result, { ...options, own })) see(cell);
  };
  return inWindows(days, PAGE_SIZE / 2, async (window) => {
    const first = await readPage(connection, options, window, 1);
    if (first.metadata.has_more && window.since !== window.until) return 'too many';
    show(first.results);
    if (!first.metadata.has_more) return { rows: rowsIn(first.results) };
    for (let number = 2, more = true; more; number += 1) {
      const page = await readPage(connection, options, window, number);
      show(page.results);
      more = page.metadata.has_more && page.results.length > 0;
    }
    return 'too many';
  });
}

async function readPage(
  connection: Connection,
  { entity, api_key }: ActivityOptions,
  { since, until }: Window,
  number: number,
) {
  const path = activityPath(entity);
  const query = {
    start_date: since,
    end_date: until,
    page: String(number),
    page_size: String(PAGE_SIZE),
    ...(api_key === undefined ? {} : { api_key }),
  };
  const { body } = await send(connection, { method: 'GET', path, query });
  return readAs(ACTIVITY, body, path);
}

/** How many rows there were, about: a server that has no keys by model has as many keys, times some models. */
function rowsIn(results: readonly ActivityDay[]): number {
  return results.reduce((all, { breakdown: { models, api_keys } }) => {
    const parts = Object.values(models).reduce((sum, part) => sum + Object.keys(part.api_key_breakdown).length, 0);
    return all + Math.max(parts, Object.keys(api_keys).length);
  }, 0);
}
