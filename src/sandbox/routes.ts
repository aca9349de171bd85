import { ok, plainly, type Reply } from './answers.ts';
import { budgetInfo, createBudget, deleteBudget, listBudgets, pageBudgets, updateBudget } from './budget-routes.ts';
import type { Call } from './call.ts';
import { license, liveliness, modelHub, readiness, readinessDetails, uiSettings } from './health.ts';
import { createKey, createServiceAccount } from './keys-create.ts';
import { deleteKeys, regenerateKey } from './keys-delete.ts';
import { keyList } from './keys-list.ts';
import { keyAliases, keyInfo, keyInfos } from './keys-read.ts';
import { blockKey, resetSpend, updateKeys } from './keys-change.ts';
import { updateKey } from './keys-update.ts';
import { login, loginAsJson, loginElsewhere } from './login.ts';
import { complete, listModels, modelInfo, oneModel } from './models.ts';
import { addMember, addMembers } from './members-add.ts';
import { deleteMember } from './members-delete.ts';
import { updateMember } from './members-update.ts';
import { createTeam } from './teams-create.ts';
import { deleteTeams } from './teams-delete.ts';
import { pageTeams } from './teams-page.ts';
import { listTeams, teamInfo } from './teams-read.ts';
import { blockTeam, patchTeam, permitMembers, updateTeam } from './teams-update.ts';
import { createUser } from './users-create.ts';
import { deleteUsers } from './users-delete.ts';
import { listUsers, userAlone, userInfo } from './users-read.ts';
import { updateUser } from './users-update.ts';
import { dailyActivity, exportActivity } from './usage-activity.ts';
import { spendLogs, spendTags } from './usage-spend.ts';
import type { SandboxVersion } from './versions.ts';

type Method = 'GET' | 'POST' | 'PATCH';

/** What a route asks for: nothing, a key, or a key and the database. */
type Needs = 'nothing' | 'key' | 'database';

type Handler = (call: Call) => Reply;

export type Route = {
  readonly method: Method;
  readonly path: string;
  readonly since: SandboxVersion;
  readonly needs: Needs;
  readonly handle: Handler;
};

function route(
  method: Method,
  path: string,
  handle: Handler,
  needs: Needs = 'database',
  since: SandboxVersion = '1.65.8',
): Route {
  return { method, path, since, needs, handle };
}

/** Every route of the sandbox. `*` in a path stands for one segment, `**` for the rest. */
export const ROUTES: readonly Route[] = [
  route('GET', '/health/readiness', readiness, 'nothing'),
  route('GET', '/health/readiness/details', readinessDetails, 'key', '1.108.7'),
  route('GET', '/health/liveliness', liveliness, 'nothing'),
  route('GET', '/health/liveness', liveliness, 'nothing'),
  route('GET', '/health/license', license, 'key', '1.83.14'),
  route('GET', '/sso/get/ui_settings', uiSettings, 'key'),
  route('GET', '/public/model_hub/info', modelHub, 'nothing', '1.77.7'),
  route('POST', '/login', login, 'nothing'),
  route('POST', '/v2/login', loginAsJson, 'nothing', '1.83.14'),
  route('POST', '/v3/login', loginElsewhere, 'nothing', '1.83.14'),
  route('GET', '/v1/models', listModels, 'key'),
  route('GET', '/models', listModels, 'key'),
  route('GET', '/v1/models/**', oneModel, 'key', '1.77.7'),
  route('GET', '/model/info', modelInfo, 'key'),
  route('GET', '/v1/model/info', modelInfo, 'key'),
  route('POST', '/v1/chat/completions', complete, 'key'),
  route('POST', '/chat/completions', complete, 'key'),
  route('POST', '/key/generate', createKey),
  route('POST', '/key/service-account/generate', createServiceAccount, 'database', '1.77.7'),
  route('GET', '/key/info', keyInfo),
  route('POST', '/v2/key/info', keyInfos),
  route('GET', '/key/list', keyList),
  route('GET', '/key/aliases', keyAliases, 'database', '1.83.14'),
  route('POST', '/key/update', updateKey),
  route('POST', '/key/bulk_update', updateKeys, 'database', '1.83.14'),
  route('POST', '/key/block', (call) => blockKey(call, true)),
  route('POST', '/key/unblock', (call) => blockKey(call, false)),
  route('POST', '/key/delete', deleteKeys),
  route('POST', '/key/regenerate', regenerateKey),
  route('POST', '/key/*/regenerate', regenerateKey),
  route('POST', '/key/*/reset_spend', resetSpend, 'database', '1.83.14'),
  route('POST', '/team/new', createTeam),
  route('GET', '/team/info', teamInfo),
  route('GET', '/team/list', listTeams),
  route('GET', '/v2/team/list', plainly(pageTeams), 'database', '1.77.7'),
  route('POST', '/team/update', updateTeam),
  route('PATCH', '/team/*', patchTeam, 'database', '1.108.7'),
  route('POST', '/team/block', (call) => blockTeam(call, true)),
  route('POST', '/team/unblock', (call) => blockTeam(call, false)),
  route('POST', '/team/permissions_update', permitMembers),
  route('POST', '/team/member_add', plainly(addMember)),
  route('POST', '/team/bulk_member_add', plainly(addMembers), 'database', '1.77.7'),
  route('POST', '/team/member_update', plainly(updateMember)),
  route('POST', '/team/member_delete', plainly(deleteMember)),
  route('POST', '/team/delete', deleteTeams),
  route('POST', '/budget/new', plainly(createBudget)),
  route('POST', '/budget/update', plainly(updateBudget)),
  route('POST', '/budget/info', plainly(budgetInfo)),
  route('GET', '/budget/list', listBudgets),
  route('POST', '/budget/delete', deleteBudget),
  route('GET', '/management/v1/budgets', pageBudgets, 'database', '1.108.7'),
  route('POST', '/user/new', createUser),
  route('GET', '/user/info', userInfo),
  route('GET', '/user/list', listUsers),
  route('GET', '/v2/user/info', userAlone, 'database', '1.83.14'),
  route('POST', '/user/update', updateUser),
  route('POST', '/user/delete', deleteUsers),
  route('GET', '/user/daily/activity', dailyActivity('user')),
  route('GET', '/team/daily/activity', dailyActivity('team'), 'database', '1.77.7'),
  route('GET', '/tag/daily/activity', dailyActivity('tag'), 'database', '1.77.7'),
  route('GET', '/user/daily/activity/export', exportActivity('user'), 'database', '1.108.7'),
  route('GET', '/team/daily/activity/export', exportActivity('team'), 'database', '1.108.7'),
  route('GET', '/tag/daily/activity/export', exportActivity('tag'), 'database', '1.108.7'),
  /* The sandbox has no organisations. */
  route('GET', '/organization/list', () => ok([])),
  route('GET', '/spend/logs', spendLogs),
  route('GET', '/global/spend/tags', spendTags),
];

/** Whether a path falls under a route's pattern. */
export function fits({ path: pattern }: Route, path: string): boolean {
  if (!pattern.includes('*')) return pattern === path;
  const parts = pattern.split('/');
  const segments = path.split('/');
  if (parts.at(-1) === '**') return path.startsWith(pattern.slice(0, -2)) && path.length > pattern.length - 2;
  return parts.length === segments.length && parts.every((part, index) => part === '*' || part === segments[index]);
}
