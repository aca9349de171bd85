/** The rows of budgets, those of members and of teams' members too: they have them by id. */
import pMap from 'p-map';
import { BUDGET } from '../kinds/budget.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { send, type Connection } from './http/request.ts';
import { thingRow, type ThingRow } from './thing-rows.ts';

/** So many budgets are asked for together. */
const MOST = 500;
const AT_ONCE = 4;

/** Every budget of the server, in one answer: there are no pages of it. */
export async function allBudgets(connection: Connection): Promise<readonly ThingRow[]> {
  const path = '/budget/list';
  const { body } = await send(connection, { method: 'GET', path });
  return readAs(ANSWERS.Things, body, path).map((row) => thingRow(BUDGET, row, path));
}

/** Those of the budgets that the server has. */
export async function budgetsById(connection: Connection, ids: readonly string[]): Promise<readonly ThingRow[]> {
  const path = '/budget/info';
  const wanted = [...new Set(ids)];
  const chunks = Array.from({ length: Math.ceil(wanted.length / MOST) }, (_, at) =>
    wanted.slice(at * MOST, (at + 1) * MOST),
  );
  const found = await pMap(
    chunks,
    async (budgets) => {
      const { body } = await send(connection, { method: 'POST', path, body: () => ({ budgets }) });
      return readAs(ANSWERS.Things, body, path).map((row) => thingRow(BUDGET, row, path));
    },
    { concurrency: AT_ONCE },
  );
  return found.flat();
}
