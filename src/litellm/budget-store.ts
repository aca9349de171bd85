import pMap from 'p-map';
import type { Store } from '../apply/ports.ts';
import { BUDGET } from '../kinds/budget.ts';
import type { Landed } from '../model/landed.ts';
import { inBatches } from './batches.ts';
import { allBudgets, budgetsById } from './budgets.ts';
import { send, type Connection } from './http/request.ts';
import type { Detail } from './survey.ts';
import { landing } from './landing.ts';
import { createThing, updateThing, type ThingPorts } from './make-thing.ts';
import { surveyOfThings, thingOf } from './thing-rows.ts';

/** So many budgets are looked up together, and so many are deleted at the same time. */
const [LOOKED_UP, DELETED] = [100, 4];

/** The budgets of a server. `look`: what the specs of the run manage. */
export function budgetStore(connection: Connection, { columns = [] }: Partial<Detail> = {}): Store<'budget'> {
  const get = inBatches(LOOKED_UP, async (ids: readonly string[]) => {
    const rows = await budgetsById(connection, ids);
    return new Map(rows.map((each) => [each.id, thingOf(BUDGET, each, columns)]));
  });
  const ports: ThingPorts = { facts: BUDGET, connection, get };
  const remove = async (id: string): Promise<void> => {
    await send(connection, { method: 'POST', path: '/budget/delete', body: () => ({ id }) });
  };
  return {
    kind: 'budget',
    survey: async (wanted) => {
      const { ids, names, all } = wanted;
      const rows = all ? await allBudgets(connection) : await budgetsById(connection, [...ids, ...names]);
      const whole = { complete: all, isShort: false, sandbox: null, gaps: [] };
      return surveyOfThings(connection, BUDGET, rows, wanted, { columns, ...whole });
    },
    get,
    create: (body) => createThing('/budget/new', body, ports),
    /* An update of an unknown one is answered with 200, and changes nothing. */
    update: (id, body) => updateThing('/budget/update', id, body, ports),
    remove: async (ids) => {
      const landed = await pMap(ids, (id): Promise<Landed> => landing(() => remove(id)), { concurrency: DELETED });
      return new Map(ids.flatMap((id, at) => (landed[at] === undefined ? [] : [[id, landed[at]] as const])));
    },
  };
}
