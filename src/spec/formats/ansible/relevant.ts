/** What of an Ansible document is read: variables of the roles, what those look up, and the way to them. The rest may be anything. */
import { follow } from '../../read/merge.ts';
import type { Member, Tree, TreeDocument } from '../../read/tree.ts';
import { hasJinja, variablesOf } from './jinja.ts';
import { MANAGE_KEYS, ROLES, roleOf, WORKLOAD } from './roles.ts';

/** Below these names are tasks, or roles, in a playbook. */
export const TASKS = ['tasks', 'pre_tasks', 'post_tasks', 'roles', 'block', 'rescue', 'always', 'handlers'] as const;
const TASK_LISTS: ReadonlySet<string> = new Set(TASKS);
const INCLUDE = /^(?:ansible\.(?:builtin|legacy)\.)?(?:include|import)_role$/;
const CONDITION = /^(?:when|loop|with_[a-z_]+)$/;

/** A task's member that runs a role. */
export function isInclude(name: string): boolean {
  return INCLUDE.test(name);
}

/** A member because of which a task may run never, or more than once. */
export function isCondition(name: string): boolean {
  return CONDITION.test(name);
}

/** Whether a document has variables of the roles at its top, or is a list of plays or tasks. */
export function isOfAnsible({ tree }: TreeDocument): boolean {
  if (tree.kind === 'map') return tree.members.some(({ name }) => roleOf(name) !== null);
  return tree.kind === 'list' && tree.items.some((item) => item.kind === 'map' && item.members.some(isOfPlay));
}

function isOfPlay({ name }: Member): boolean {
  return name === 'hosts' || TASK_LISTS.has(name) || isInclude(name) || /(?:^|\.)import_playbook$/.test(name);
}

/** The document without what is not read. */
export function relevant(document: TreeDocument): TreeDocument {
  const wanted = wantedIn(document);
  const level = document.tree.kind === 'map' ? 'variables' : 'tasks';
  return { ...document, tree: pruned(document.tree, level, (name) => wanted.has(name)) };
}

type Level = 'variables' | 'tasks' | 'whole';

function pruned(tree: Tree, level: Level, isWanted: (name: string) => boolean): Tree {
  if (level === 'whole') return tree;
  if (tree.kind === 'list') return { ...tree, items: tree.items.map((item) => pruned(item, level, isWanted)) };
  if (tree.kind !== 'map') return tree;
  const members = tree.members.flatMap((member): readonly Member[] => {
    const below = level === 'variables' ? null : levelBelow(member.name);
    if (below !== null) return [{ ...member, value: pruned(member.value, below, isWanted) }];
    return member.merges || isWanted(member.name) ? [member] : [];
  });
  return { ...tree, members };
}

function levelBelow(name: string): Level | null {
  if (name === 'vars') return 'variables';
  if (TASK_LISTS.has(name)) return 'tasks';
  return isInclude(name) || isCondition(name) || name === 'role' || name === 'name' ? 'whole' : null;
}

/** The names of the roles' variables, and of all that they lead to. */
function wantedIn(document: TreeDocument): ReadonlySet<string> {
  const named = namesOf(document);
  const isOfWorkload = document.tree.kind === 'list' || [...named.keys()].some((name) => roleOf(name) === WORKLOAD);
  const known = (isOfWorkload ? ROLES : [MANAGE_KEYS]).flatMap(({ names, defaults }) => [
    ...Object.values(names),
    ...Object.values(defaults).flatMap((value) => (typeof value === 'string' ? variablesOf(value) : [])),
  ]);
  const wanted = new Set([...named.keys()].filter((name) => roleOf(name) !== null || known.includes(name)));
  /* A set gives what is added to it while it is walked through. */
  for (const name of wanted) for (const tree of named.get(name) ?? []) addVariables(document, tree, wanted);
  return wanted;
}

/** Every name of a document, with the values that stand under it. */
function namesOf(document: TreeDocument): ReadonlyMap<string, readonly Tree[]> {
  const named = new Map<string, Tree[]>();
  each(document, document.tree, (node) => {
    if (node.kind !== 'map') return;
    for (const { name, value } of node.members) named.set(name, [...(named.get(name) ?? []), value]);
  });
  return named;
}

function addVariables(document: TreeDocument, tree: Tree, names: Set<string>): void {
  each(document, tree, (node) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || !hasJinja(node.value)) return;
    for (const name of variablesOf(node.value)) names.add(name);
  });
}

/** Visits a tree's nodes and those that its aliases stand for, each once. */
function each(document: TreeDocument, tree: Tree, visit: (node: Tree) => void): void {
  const nodes = new Set([follow(document, tree)]);
  for (const node of nodes) {
    visit(node);
    const below = node.kind === 'list' ? node.items : node.kind === 'map' ? node.members.map(({ value }) => value) : [];
    for (const one of below) nodes.add(follow(document, one));
  }
}
