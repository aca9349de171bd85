/** A team with its people and a budget beside the keys of a spec, and what is wrong with them, as the server's own routes tell it. */
import { isList, isObject, readJson, type Json, type JsonObject } from '../../src/base/json.ts';
import { textOf } from './promise.ts';
import type { Server } from './scene.ts';

/** So many members beside an admin, and what budget, user, team and each member may spend. */
export type Group = { readonly members: number; readonly max_budget: number };

/** What of a spec is not keys. */
export function groupIn(set: string, { members, max_budget }: Group): JsonObject {
  const admin = { user_id: `${set}-boss`, role: 'admin' };
  const others = { user_id: `${set}-{user}`, roster: { count: members }, budget: `${set}-frugal` };
  const metadata = { course: 'ai' };
  return {
    budgets: [{ budget_id: `${set}-frugal`, max_budget }],
    users: [{ user_id: `${set}-boss`, user_role: 'internal_user', max_budget }],
    teams: [{ team_alias: `${set}-lab`, max_budget, metadata, members: [admin, ...(members > 0 ? [others] : [])] }],
  };
}

/** So many users are there already: as many as the members of a group are at most. */
export const CREW = 3;

function crewOf(set: string, size: number): readonly string[] {
  return Array.from({ length: size }, (_, at) => `${set}-user${String(at + 1)}`);
}

/** Things of others that are called much like ours, one of our members in their team, and the users whom our members are. */
export async function makeStrangers(server: Server, set: string): Promise<void> {
  for (const user_id of crewOf(set, CREW)) await read(server, '/user/new', { user_id, auto_create_key: false });
  await read(server, '/budget/new', { budget_id: `my-${set}-frugal`, max_budget: 1 });
  await read(server, '/user/new', { user_id: `my-${set}-boss`, max_budget: 1, auto_create_key: false });
  const members = [`my-${set}-boss`, `${set}-user1`].map((user_id) => ({ user_id, role: 'user' }));
  const team = { team_id: `my-${set}-lab`, team_alias: `my-${set}-lab`, max_budget: 1, members_with_roles: members };
  await read(server, '/team/new', team);
}

/** What is not as `makeStrangers` made it. */
async function touched(server: Server, set: string): Promise<readonly string[]> {
  const names = (await readAll(server, `my-${set}`)).map((rows) =>
    rows.flatMap(([name, { max_budget }]) => (max_budget === 1 ? [name] : [])).join(),
  );
  const info = await read(server, `/team/info?team_id=my-${set}-lab`);
  const text = JSON.stringify(isObject(info) ? info['team_info'] : null);
  const isWhole = [`my-${set}-boss`, `${set}-user1`].every((user_id) => text.includes(`"user_id":"${user_id}"`));
  const wanted = [`my-${set}-frugal`, `my-${set}-boss`, `my-${set}-lab`];
  return names.join(' ') === wanted.join(' ') && isWhole ? [] : [`of others there are ${names.join(' ')} ${text}`];
}

/** Whatever is wrong with a set's group now, and with what is others', in sentences; `null`: nothing of it is to be there. */
export async function brokenGroup(server: Server, set: string, group: Group | null): Promise<readonly string[]> {
  return [...(await touched(server, set)), ...(await brokenThings(server, set, group))];
}

async function brokenThings(server: Server, set: string, group: Group | null): Promise<readonly string[]> {
  const [budgets, users, teams] = await readAll(server, set);
  const counts = [
    ...counted('budget', budgets, group === null ? [] : [`${set}-frugal`]),
    ...counted('user', users, group === null ? [] : [`${set}-boss`]),
    ...counted('team', teams, group === null ? [] : [`${set}-lab`]),
  ];
  if (group === null || counts.length > 0) return counts;
  const poor = [...budgets, ...users, ...teams].filter(([, row]) => row['max_budget'] !== group.max_budget);
  return [
    ...poor.map(
      ([name, row]) => `${name} has max_budget ${JSON.stringify(row['max_budget'])}, not ${group.max_budget}`,
    ),
    ...(await Promise.all(teams.map(([, team]) => brokenTeam(server, set, group, textOf(team['team_id']))))).flat(),
  ];
}

/** A name, and what the server has for it. */
type Named = readonly [name: string, row: JsonObject];

/** The budgets, the user and the teams that are called so. */
async function readAll(server: Server, prefix: string): Promise<readonly [Named[], Named[], Named[]]> {
  const [budgets, users, teams] = await Promise.all([
    read(server, '/budget/list'),
    read(server, `/user/list?user_ids=${prefix}-boss,${prefix}-boss`),
    read(server, '/team/list'),
  ]);
  const named = (rows: Json | undefined, field: string): Named[] =>
    rowsIn(rows)
      .map((row): Named => [textOf(row[field]), row])
      .filter(([name]) => name.startsWith(`${prefix}-`));
  return [
    named(budgets, 'budget_id'),
    named(isObject(users) ? users['users'] : [], 'user_id').filter(([name]) => name === `${prefix}-boss`),
    named(teams, 'team_alias'),
  ];
}

function counted(kind: string, there: readonly Named[], wanted: readonly string[]): readonly string[] {
  const names = there.map(([name]) => name);
  return names.join() === wanted.join() ? [] : [`the ${kind}s are ${names.join()}, not ${wanted.join()}`];
}

async function brokenTeam(server: Server, set: string, group: Group, id: string): Promise<readonly string[]> {
  const info = await read(server, `/team/info?${new URLSearchParams({ team_id: id }).toString()}`);
  const { team_info: row, team_memberships: limits, keys } = isObject(info) ? info : {};
  const team = isObject(row) ? row : {};
  const crew = crewOf(set, group.members);
  const wanted = [`${set}-boss admin`, 'default_user_id admin', ...crew.map((user_id) => `${user_id} user`)].toSorted();
  const there = rowsIn(team['members_with_roles']).map(({ user_id, role }) => `${textOf(user_id)} ${textOf(role)}`);
  const known = there.filter((one) => wanted.includes(one) || one.startsWith(`${set}-`)).toSorted();
  const metadata = isObject(team['metadata']) ? team['metadata'] : {};
  /* 1.65 does not tell the limits of members here. */
  const poor = rowsIn(limits)
    .map(({ user_id, litellm_budget_table: own }): Named => [textOf(user_id), isObject(own) ? own : {}])
    .filter(([user_id, own]) => crew.includes(user_id) && own['max_budget'] !== group.max_budget);
  const strangers = rowsIn(keys).filter(({ key_alias }) => !textOf(key_alias).startsWith(`${set}-`));
  return [
    ...(known.join() === wanted.join() ? [] : [`the members are ${there.join()}, not ${wanted.join()}`]),
    ...(metadata['course'] === 'ai' && isObject(metadata['vkeys']) ? [] : ['the team has lost its metadata']),
    ...poor.map(
      ([user_id, own]) => `${user_id} may spend ${JSON.stringify(own['max_budget'])}, not ${group.max_budget}`,
    ),
    ...strangers.map(({ token }) => `the key ${textOf(token)} is in the team`),
  ];
}

/** Takes a set's group and those of others away, past everything that is tested. */
export async function removeGroup(server: Server, set: string): Promise<void> {
  const ids = (rows: readonly Named[], field: string): readonly string[] => rows.map(([, row]) => textOf(row[field]));
  for (const prefix of [set, `my-${set}`]) {
    const [budgets, users, teams] = await readAll(server, prefix);
    if (teams.length > 0) await read(server, '/team/delete', { team_ids: ids(teams, 'team_id') });
    if (users.length > 0) await read(server, '/user/delete', { user_ids: ids(users, 'user_id') });
    for (const id of ids(budgets, 'budget_id')) await read(server, '/budget/delete', { id });
  }
  const answer = await read(server, `/user/list?user_ids=${crewOf(set, CREW).join(',')}`);
  const own = rowsIn(isObject(answer) ? answer['users'] : []).map(({ user_id }) => textOf(user_id));
  if (own.length > 0) await read(server, '/user/delete', { user_ids: own });
}

async function read({ url, masterKey }: Server, path: string, body?: JsonObject): Promise<Json> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = readJson(await answer.text());
  if (!answer.ok || !('value' in json)) throw new Error(`${path}: ${String(answer.status)}`);
  return json.value;
}

function rowsIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}
