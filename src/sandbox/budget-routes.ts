import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { type Reply, ok, Raised, raiseWrapped } from './answers.ts';
import { requireAdmin } from './auth.ts';
import { addBudget, changeBudget, dropBudget } from './budgets.ts';
import type { Call } from './call.ts';
import { checkBudget, checkPeriod, modelBudgetText } from './checks.ts';
import { type Columns, printTimes, viewOf } from './columns.ts';
import { convertFields, type FieldTable } from './convert.ts';
import { requireMember, textOf, texts } from './fields.ts';
import { cut, isLike, readPage } from './query.ts';
import type { Row, Server } from './state.ts';

const FIELDS = {
  budget_id: ['text', '1.65.8'],
  max_budget: ['number', '1.65.8'],
  soft_budget: ['number', '1.65.8'],
  max_parallel_requests: ['integer', '1.65.8'],
  tpm_limit: ['integer', '1.65.8'],
  rpm_limit: ['integer', '1.65.8'],
  tpd_limit: ['integer', '1.108.7'],
  model_max_budget: ['object', '1.65.8'],
  budget_duration: ['text', '1.65.8'],
  budget_reset_at: ['text', '1.77.7'],
  allowed_models: ['texts', '1.83.14'],
} as const satisfies FieldTable;

/** POST /budget/new */
export function createBudget({ server, body, caller, route }: Call): Reply {
  requireAdmin(server, caller, route);
  const fields = readBudget(server, body);
  const { budget_id: id } = fields;
  if (typeof id === 'string' && server.budgets.has(id)) {
    const text = `Budget with id '${id}' already exists.`;
    throw server.facts.existingBudget === 400 ? raiseWrapped(400, text) : new Raised(null, text);
  }
  return ok(printTimes(addBudget(server, fields), 'Z'));
}

function readBudget(server: Server, body: JsonObject): JsonObject {
  const { facts } = server;
  const fields = convertFields(server, FIELDS, body);
  checkBudget(server, fields);
  checkPeriod(server, fields);
  const { model_max_budget: models } = fields;
  if (!isObject(models)) return fields;
  if (facts.modelBudgets === 'refused') throw raiseWrapped(400, modelBudgetText(facts));
  const kept = Object.entries(models).map(([model, limit]): [string, Json] => {
    if (!isObject(limit)) return [model, limit];
    const { max_budget: most = limit.budget_limit, budget_duration: period = limit.time_period } = limit;
    return [model, { max_budget: most ?? null, budget_duration: period ?? null }];
  });
  return { ...fields, model_max_budget: Object.fromEntries(kept) };
}

/** POST /budget/update: null for an unknown one. Older versions take an explicit null for a missing member. */
export function updateBudget({ server, body, caller, route }: Call): Reply {
  requireAdmin(server, caller, route);
  const { budget_id: id, ...fields } = readBudget(server, body);
  if (typeof id !== 'string') throw raiseWrapped(400, 'budget_id is required');
  const ignored = server.facts.budgetNulls === 'kept';
  const sent = Object.entries(fields).filter(([, value]) => !ignored || value !== null);
  return printed(changeBudget(server, id, Object.fromEntries(sent)));
}

/** POST /budget/info: the known ones among those asked for. */
export function budgetInfo({ server, body }: Call): Reply {
  requireMember(server.facts, body, 'budgets');
  const ids = texts(body.budgets);
  if (ids.length === 0) throw raiseWrapped(400, "Specify list of budget id's to query. Passed in=[]");
  return listed([...server.budgets].flatMap(([id, row]) => (ids.includes(id) ? [row] : [])));
}

/** GET /budget/list: all, never paged, those of members too. */
export function listBudgets({ server }: Call): Reply {
  return listed([...server.budgets.values()]);
}

/** POST /budget/delete: its keys and members are unlimited afterwards. */
export function deleteBudget({ server, body, caller, route }: Call): Reply {
  requireAdmin(server, caller, route);
  requireMember(server.facts, body, 'id');
  return printed(dropBudget(server, textOf(body.id)));
}

function printed(row: Row | null): Reply {
  return ok(row === null ? null : printTimes(row, 'Z'));
}

function listed(rows: readonly Row[]): Reply {
  return ok(rows.map((row) => printTimes(row, 'Z')));
}

const ITEM: Columns = {
  '1.65.8': `
    budget_id max_budget soft_budget tpm_limit rpm_limit tpd_limit budget_duration budget_reset_at created_at updated_at`,
};

/** GET /management/v1/budgets: newest first. */
export function pageBudgets(call: Call): Reply {
  const { server, query, route } = call;
  const at = readPage(call, 'page_size', 50);
  const rows = [...server.budgets.values()]
    .filter((row) => isLike(row.budget_id, query.get('q') ?? ''))
    .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1));
  const last = Math.max(1, Math.ceil(rows.length / at.size));
  const linkTo = (page: number): string => `${route}?${withPage(query, page)}`;
  return ok({
    data: cut(rows, at).map((row) => printTimes(viewOf(server.version, ITEM, row), 'Z')),
    meta: { total_count: rows.length, page: at.page, page_size: at.size, total_pages: last },
    links: {
      self: linkTo(at.page),
      first: linkTo(1),
      prev: at.page > 1 ? linkTo(at.page - 1) : null,
      next: at.page < last ? linkTo(at.page + 1) : null,
      last: linkTo(last),
    },
  });
}

/** The query as it was sent, but for the page. */
function withPage(query: URLSearchParams, page: number): string {
  const other = new URLSearchParams(query);
  other.delete('page');
  other.append('page', String(page));
  return other.toString().replaceAll('%7E', '~');
}
