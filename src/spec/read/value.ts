/** A tree of a document → its value, and places in it. Problems are reported where, and only if, something is read. */
import type { Json } from '../../base/json.ts';
import type { Environment } from '../../base/variables.ts';
import { follow, hasRoom, MAX_DEPTH, membersOf, type Reading } from './merge.ts';
import { isName, scalarOf } from './scalar.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic, type Text } from './text.ts';
import type { Member, Path, Source, Tree, TreeDocument } from './tree.ts';

/** So many values more than the text has characters come from aliases and merges at most. */
const MAX_ALIASED = 200_000;

/** Reads a document; `null` where it is too deep or multiplies itself. Without an `env`, a `$` is nothing but itself. */
export function readTree(
  document: TreeDocument,
  text: Text,
  env: Environment | null,
  report: OnDiagnostic,
  note: OnDiagnostic,
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
  const reading: Reading = { ...document, text, env, fail, secrets, merged: new Map(), budget, exceeded: null };
  const value = valueOf(reading, document.tree, []);
  if (reading.exceeded !== null) {
    const message = `This is nested more than ${String(MAX_DEPTH)} levels deep, or its aliases multiply it.`;
    fail(reading.exceeded, { rule: 'limit', message, hint: 'Make it flatter, and let no alias contain itself.' });
    return null;
  }
  return { text, value, secrets, at: (path, part = 'value') => text.origin(locate(reading, path, part)), note };
}

function valueOf(reading: Reading, node: Tree, path: Path): Json {
  if (!hasRoom(reading, node, path.length)) return null;
  switch (node.kind) {
    case 'scalar':
      return scalarOf(reading, node, path);
    case 'list':
      return node.items.map((item, index) => valueOf(reading, item, [...path, index]));
    case 'map':
      return mappingOf(reading, node.members, path);
    case 'alias':
      return valueOf(reading, follow(reading, node), path);
    case 'broken':
      if (node.written !== null && isName(path)) return node.written;
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
