/** A tree of a document → its value, and places in it. Problems are reported where, and only if, something is read. */
import type { Json } from '../../base/json.ts';
import { isHeld } from '../../base/numeral.ts';
import type { Origin } from '../../model/resource.ts';
import type { Environment } from '../../base/variables.ts';
import { interpolate } from './environment.ts';
import { lossOf } from './number.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic, type Text } from './text.ts';

/** `at` is an offset into the text. */
export type Tree =
  | { readonly kind: 'scalar'; readonly at: number; readonly value: Scalar; readonly plain: boolean }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Tree[] }
  | { readonly kind: 'map'; readonly at: number; readonly members: readonly Member[] }
  | { readonly kind: 'alias'; readonly at: number; readonly name: string }
  | { readonly kind: 'broken'; readonly at: number; readonly problem: Problem };
export type Scalar = null | boolean | number | string;
/** A name with its value; `merges` where the name is YAML's `<<`. */
export type Member = { readonly name: string; readonly at: number; readonly value: Tree; readonly merges: boolean };

/** `anchors` has, under each name, those of the whole text by their places. */
export type TreeDocument = { readonly tree: Tree; readonly anchors: ReadonlyMap<string, readonly Tree[]> };

export type Path = readonly (string | number)[];

/** One document of a spec, `${…}` replaced. */
export type Source = {
  readonly text: Text;
  readonly value: Json;
  /** Texts of metadata and other open members that came from the environment. */
  readonly secrets: ReadonlySet<string>;
  /** Where a value is, or its name; the nearest thing around it where there is no such path. */
  readonly at: (path: Path, part?: 'name' | 'value') => Origin;
};

const MAX_DEPTH = 64;
/** So many values more than the text has characters come from aliases and merges at most. */
const MAX_ALIASED = 200_000;

type Reading = TreeDocument & {
  readonly env: Environment | null;
  readonly fail: (at: number, problem: Problem) => void;
  readonly secrets: Set<string>;
  /** Mappings with what `<<` brings them. */
  readonly merged: Map<readonly Member[], readonly Member[]>;
  /** How many more values may be read, and where that, or the depth, became too much. */
  budget: number;
  exceeded: number | null;
};

/** Reads a document; `null` where it is too deep or multiplies itself. Without an `env`, a `$` is nothing but itself. */
export function readTree(
  document: TreeDocument,
  text: Text,
  env: Environment | null,
  report: OnDiagnostic,
): Source | null {
  const failed = new Set<string>();
  /* An alias brings a value to many places, but its problem is one. */
  const fail = (at: number, problem: Problem) => {
    const id = `${String(at)} ${problem.message}`;
    if (!failed.has(id)) report(diagnose(text, text.origin(at), problem));
    failed.add(id);
  };
  const budget = text.text.length + MAX_ALIASED;
  const secrets = new Set<string>();
  const reading: Reading = { ...document, env, fail, secrets, merged: new Map(), budget, exceeded: null };
  const value = valueOf(reading, document.tree, []);
  if (reading.exceeded !== null) {
    const message = `This is nested more than ${String(MAX_DEPTH)} levels deep, or its aliases multiply it.`;
    fail(reading.exceeded, { rule: 'limit', message, hint: 'Make it flatter, and let no alias contain itself.' });
    return null;
  }
  return { text, value, secrets, at: (path, part = 'value') => text.origin(locate(reading, path, part)) };
}

/** What an alias stands for: of the anchors with its name, the last one before it in the document. */
export function follow({ tree, anchors }: TreeDocument, node: Tree): Tree {
  if (node.kind !== 'alias') return node;
  const known = anchors.get(node.name) ?? [];
  const last = known[lastAtMost(known.length, node.at - 1, (index) => Number(known[index]?.at))];
  const message = `There is no anchor &${node.name} before this.`;
  const hint = 'Put &name before the value that it stands for, or quotes around a text that begins with *.';
  const missing: Tree = { kind: 'broken', at: node.at, problem: { rule: 'yaml', message, hint } };
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
function membersOf(reading: Reading, members: readonly Member[], depth: number): readonly Member[] {
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
  return [{ name: '<<', at: value.at, value: { kind: 'broken', at: value.at, problem }, merges: false }];
}

/** Whether there is anything left to read with a value. */
function hasRoom(reading: Reading, node: Tree, depth: number): boolean {
  reading.budget -= 1;
  if (depth > MAX_DEPTH || reading.budget < 0) reading.exceeded ??= node.at;
  return reading.exceeded === null;
}

function valueOf(reading: Reading, node: Tree, path: Path): Json {
  if (!hasRoom(reading, node, path.length)) return null;
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.value.includes('$') && reading.env !== null
        ? interpolated(reading, reading.env, node.value, node, path)
        : node.value;
    case 'list':
      return node.items.map((item, index) => valueOf(reading, item, [...path, index]));
    case 'map':
      return mappingOf(reading, node.members, path);
    case 'alias':
      return valueOf(reading, follow(reading, node), path);
    case 'broken':
      reading.fail(node.at, node.problem);
      return null;
  }
}

function mappingOf(reading: Reading, members: readonly Member[], path: Path): Json {
  const mapping: Record<string, Json> = {};
  for (const { name, at, value } of membersOf(reading, members, path.length)) {
    if (name === '__proto__') {
      reading.fail(at, {
        rule: 'yaml',
        message: 'No member may have the name __proto__.',
        hint: 'Choose another name.',
      });
    } else if (Object.hasOwn(mapping, name)) {
      const message = `The name ${quoted(name)} is here twice.`;
      reading.fail(at, { rule: 'duplicate', message, hint: 'Keep one of the two.' });
    } else mapping[name] = valueOf(reading, value, [...path, name]);
  }
  return mapping;
}

/** Members with values of anybody's making, in a spec and in an Ansible role's variables. */
const OPEN = /(^|_)(metadata|extra|config|router_settings)$/;

/** What stands unquoted is read as YAML would read it once filled in: `max_budget: ${BUDGET}` is a number. */
function interpolated(
  reading: Reading,
  env: Environment,
  text: string,
  node: Tree & { readonly plain: boolean },
  path: Path,
): Json {
  const { text: filled, unset, malformed, filled: isFilled } = interpolate(text, env);
  if (isFilled && path.some((step) => OPEN.test(String(step)))) reading.secrets.add(filled);
  // Flags or a profile may say the server's address.
  if (unset.length > 0 && path.join('.') === 'server.url') return null;
  for (const name of unset) {
    const message = `The environment variable ${name} is not set.`;
    const hint = `Set it, or give a default: \${${name}:-default}. For a literal $ write $$.`;
    reading.fail(node.at, { rule: 'environment', message, hint });
  }
  for (const part of malformed) {
    const message = `${quoted(part)} names no environment variable.`;
    const hint = 'Write ${NAME} or ${NAME:-default}. For a literal $ write $$.';
    reading.fail(node.at, { rule: 'environment', message, hint });
  }
  if (node.plain && unset.length > 0) return null;
  if (node.plain && /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(filled)) {
    if (isHeld(filled)) return Number(filled) + 0;
    reading.fail(node.at, lossOf(text));
    return null;
  }
  return node.plain && (filled === 'true' || filled === 'false') ? filled === 'true' : filled;
}

function locate(reading: Reading, path: Path, part: 'name' | 'value'): number {
  let node = reading.tree;
  let at = node.at;
  for (const [depth, step] of path.entries()) {
    const inside = follow(reading, node);
    const member =
      inside.kind === 'map'
        ? membersOf(reading, inside.members, depth).find(({ name }) => name === step)
        : inside.kind === 'list'
          ? { at, value: inside.items[Number(step)] }
          : undefined;
    if (member?.value === undefined) return at;
    node = member.value;
    at = part === 'name' && depth === path.length - 1 ? member.at : node.at;
  }
  return at;
}
