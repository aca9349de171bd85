/** Where a document of Ansible uses a role, and with which variables. */
import { isList, isObject, type Json, type JsonObject } from '../../../base/json.ts';
import { quoted, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { isCondition, isInclude, TASKS } from './relevant.ts';
import { MANAGE_KEYS, ROLES, roleOf, WORKLOAD, type Role } from './roles.ts';

/** Variables that stand together, and where. */
export type Layer = { readonly variables: JsonObject; readonly path: Path };
/** One run of a role; of its layers a later one outweighs those before. */
export type RoleUse = { readonly role: Role; readonly layers: readonly Layer[]; readonly path: Path };

export type Fail = (path: Path, problem: Problem, part?: 'name') => void;
/** Hears what is worth saying and no problem. */
export type Note = (path: Path, problem: Problem) => void;

/** A file of variables is one use of the role that they belong to. */
export function useOfVariables(variables: JsonObject): RoleUse {
  const role = Object.keys(variables).some((name) => roleOf(name) === MANAGE_KEYS) ? MANAGE_KEYS : WORKLOAD;
  return { role, layers: [{ variables, path: [] }], path: [] };
}

/** What encloses a task: variables, and what only Ansible can decide. */
type Around = { readonly layers: readonly Layer[]; readonly conditions: readonly Path[] };

/** The uses in a list of plays or tasks. Where there is none, and where one depends on what only Ansible knows, that fails. */
export function usesIn(plays: Json, fail: Fail): readonly RoleUse[] {
  const uses = usesBelow(plays, [], { layers: [], conditions: [] }, fail);
  if (uses.length === 0) {
    const message = 'The playbook does not run the role manage_keys with litellm_vkey_ variables.';
    const hint = 'Give -f the file that has the role in it; files that a playbook includes are not read.';
    fail([], { rule: 'ansible', message, hint });
  }
  return uses;
}

function usesBelow(list: Json | undefined, path: Path, around: Around, fail: Fail): readonly RoleUse[] {
  if (!isList(list)) return [];
  return list.flatMap((item, index) => usesAt(item, [...path, index], around, fail));
}

function usesAt(item: Json, path: Path, around: Around, fail: Fail): readonly RoleUse[] {
  if (!isObject(item)) return roleNamed(item) === null ? [] : used(item, [], path, around, fail);
  const { vars } = item;
  const isRole = 'role' in item || path.at(-2) === 'roles';
  const own: readonly Layer[] = [
    ...(isRole ? [{ variables: item, path }] : []),
    ...(isObject(vars) ? [{ variables: vars, path: [...path, 'vars'] }] : []),
  ];
  const conditions = Object.keys(item).filter(isCondition);
  const here: Around = {
    layers: [...around.layers, ...own],
    conditions: [...around.conditions, ...conditions.map((name) => [...path, name])],
  };
  const include = Object.keys(item).find(isInclude);
  const named = include === undefined ? (isRole ? (item['role'] ?? item['name']) : undefined) : item[include];
  const names = own.flatMap(({ variables }) => Object.keys(variables));
  const uses =
    named === undefined ? [] : used(named, names, include === undefined ? path : [...path, include], here, fail);
  const below = TASKS.flatMap((name) => {
    const isSpecial = (name === 'rescue' || name === 'handlers') && name in item;
    const inside = isSpecial ? { ...here, conditions: [...here.conditions, [...path, name]] } : here;
    return usesBelow(item[name], [...path, name], inside, fail);
  });
  return [...uses, ...below];
}

/** The role of this name, however it is qualified; `name=…` is Ansible's short form. */
function roleNamed(named: Json): Role | null {
  const text = isObject(named) ? named['name'] : named;
  if (typeof text !== 'string') return null;
  const [, name = text] = /\bname=(\S+)/.exec(text) ?? [];
  return ROLES.find((role) => role.name === name.split(/[./]/).at(-1)) ?? null;
}

/** A role of another name is ours if it is given our variables. */
function used(named: Json, names: readonly string[], path: Path, around: Around, fail: Fail): readonly RoleUse[] {
  const role = roleNamed(named) ?? names.map(roleOf).find((each) => each !== null);
  if (role == null) return [];
  for (const condition of around.conditions) {
    const word = String(condition.at(-1));
    const message = `The role runs under ${quoted(word)}, which only Ansible can decide.`;
    const hint = /^(?:loop|with_)/.test(word)
      ? 'Write a task for each key without the loop; for many users litellm_vkey_multi_user makes a key for each.'
      : `Take ${word} away, or give -f a file with just the variables.`;
    fail(condition, { rule: 'ansible', message, hint }, 'name');
  }
  return [{ role, layers: around.layers, path }];
}
