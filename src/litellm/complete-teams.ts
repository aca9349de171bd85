/**
 * What a team's row leaves out: the limits of members that have none of their own lie in a budget, aliases of models in a
 * table, and permissions are only where a team is looked at alone.
 */
import pMap from 'p-map';
import { isObject, type JsonObject } from '../base/json.ts';
import { budgetsById } from './budgets.ts';
import type { Connection } from './http/request.ts';
import { readTeamInfo } from './teams.ts';
import type { ThingRow } from './thing-rows.ts';

const AT_ONCE = 4;

/** Teams with all that they have; those that are not `ours` without permissions, each of which costs a request. */
export async function completeTeams(
  connection: Connection,
  rows: readonly ThingRow[],
  isOurs: (row: ThingRow) => boolean,
): Promise<readonly ThingRow[]> {
  const ids = rows.flatMap(({ row }) => sharedBudget(row) ?? []);
  const budgets = new Map((await budgetsById(connection, ids)).map(({ id, row }) => [id, row]));
  return pMap(
    rows,
    async (each) => {
      const { id, row } = each;
      const limits = limitsIn(budgets.get(sharedBudget(row) ?? '') ?? {});
      const permissions = isOurs(each) ? await permissionsOf(connection, id, row) : {};
      return { id, row: { ...row, ...limits, ...aliasesIn(row), ...permissions } };
    },
    { concurrency: AT_ONCE },
  );
}

/** The budget of those members of a team that have none of their own. */
export function sharedBudget({ metadata }: JsonObject): string | null {
  const id = isObject(metadata) ? metadata['team_member_budget_id'] : null;
  return typeof id === 'string' ? id : null;
}

function limitsIn(budget: JsonObject): JsonObject {
  return {
    team_member_budget: budget['max_budget'] ?? null,
    team_member_rpm_limit: budget['rpm_limit'] ?? null,
    team_member_tpm_limit: budget['tpm_limit'] ?? null,
    team_member_budget_duration: budget['budget_duration'] ?? null,
  };
}

/** Before 1.108 lists have the table as null although it is there. */
function aliasesIn({ litellm_model_table: table, model_id }: JsonObject): JsonObject {
  if (isObject(table)) return { model_aliases: table['model_aliases'] ?? null };
  return model_id == null ? { model_aliases: null } : {};
}

async function permissionsOf(connection: Connection, id: string, row: JsonObject): Promise<JsonObject> {
  if (row['object_permission_id'] == null || row['object_permission'] != null) return {};
  const info = await readTeamInfo(connection, id);
  const permissions = info?.team.row['object_permission'];
  return permissions === undefined ? {} : { object_permission: permissions };
}
