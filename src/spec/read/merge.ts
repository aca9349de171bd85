/** What aliases and `<<` stand for, and how much of it is read. */
import type { Environment } from '../../base/variables.ts';
import type { Problem, Text } from './text.ts';
import type { Member, Tree, TreeDocument } from './tree.ts';

export const MAX_DEPTH = 64;

/** A document while its value is made. */
export type Reading = TreeDocument & {
  readonly text: Text;
  readonly env: Environment | null;
  readonly fail: (at: number, problem: Problem) => void;
  readonly secrets: Set<string>;
  /** Mappings with what `<<` brings them. */
  readonly merged: Map<readonly Member[], readonly Member[]>;
  /** How many more values may be read, and where that, or the depth, became too much. */
  budget: number;
  exceeded: number | null;
};

/** What an alias stands for: of the anchors with its name, the last one before it in the document. */
export function follow({ tree, anchors }: TreeDocument, node: Tree): Tree {
  if (node.kind !== 'alias') return node;
  const known = anchors.get(node.name) ?? [];
  const last = known[lastAtMost(known.length, node.at - 1, (index) => Number(known[index]?.at))];
  const message = `There is no anchor &${node.name} before this.`;
  const hint = 'Put &name before the value that it stands for, or quotes around a text that begins with *.';
  const missing: Tree = { kind: 'broken', at: node.at, problem: { rule: 'yaml', message, hint }, written: null };
  return last !== undefined && last.at >= tree.at && last.at < node.at ? last : missing;
}

/** The last index whose number is not above the limit, or 0; the numbers ascend. */
function lastAtMost(count: number, limit: number, numberAt: (index: number) => number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (numberAt(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A mapping's own members, then those that `<<` brings. */
export function membersOf(reading: Reading, members: readonly Member[], depth: number): readonly Member[] {
  const known = reading.merged.get(members);
  if (known !== undefined) return known;
  if (!members.some(({ merges }) => merges)) return members;
  const own = members.filter(({ merges }) => !merges);
  const merged = members
    .filter(({ merges }) => merges)
    .flatMap(({ value }) => mergedMembers(reading, value, depth + 1));
  const names = new Set(own.map(({ name }) => name));
  // The first of several with one name stays.
  const others = new Map(merged.toReversed().map((member) => [member.name, member]));
  const all = [...own, ...[...others.values()].filter(({ name }) => !names.has(name))];
  reading.merged.set(members, all);
  return all;
}

function mergedMembers(reading: Reading, value: Tree, depth: number): readonly Member[] {
  if (!hasRoom(reading, value, depth)) return [];
  const source = follow(reading, value);
  if (source.kind === 'list') return source.items.flatMap((item) => mergedMembers(reading, item, depth + 1));
  if (source.kind === 'map') return membersOf(reading, source.members, depth);
  const hint = 'Write <<: *name, where &name stands before a mapping.';
  const problem: Problem = { rule: 'yaml', message: 'Only a mapping can be merged with <<.', hint };
  return [{ name: '<<', at: value.at, value: { kind: 'broken', at: value.at, problem, written: null }, merges: false }];
}

/** Whether there is anything left to read with a value. */
export function hasRoom(reading: Reading, node: Tree, depth: number): boolean {
  reading.budget -= 1;
  if (depth > MAX_DEPTH || reading.budget < 0) reading.exceeded ??= node.at;
  return reading.exceeded === null;
}
