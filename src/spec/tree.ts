/** A tree of a document → its value, and places in it. Problems are reported where, and only if, something is read. */
import type { Json } from '../json.ts';
import type { Origin } from '../reconcile/model.ts';
import { fromEnvironment, type Environment } from './environment.ts';
import { diagnose, quoted, type Problem, type Report, type Text } from './text.ts';

export type Member = { readonly name: string; readonly at: number; readonly value: Tree; readonly merges: boolean };

/** `at` is an offset into the text. */
export type Tree =
  | {
      readonly kind: 'scalar';
      readonly at: number;
      readonly value: null | boolean | number | string;
      readonly plain: boolean;
    }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Tree[] }
  | { readonly kind: 'map'; readonly at: number; readonly members: readonly Member[] }
  | { readonly kind: 'alias'; readonly at: number; readonly name: string }
  | { readonly kind: 'broken'; readonly at: number; readonly problem: Problem };

export type Anchor = { readonly name: string; readonly tree: Tree };
/** `anchors` are those of the whole text, in no order. */
export type TreeDocument = { readonly tree: Tree; readonly anchors: readonly Anchor[] };

export type Path = readonly (string | number)[];

/** One document of a spec. */
export type Source = {
  readonly text: Text;
  readonly value: Json;
  /** Where a value is, or its name; the nearest thing around it where there is no such path. */
  readonly at: (path: Path, part?: 'name' | 'value') => Origin;
};

const MAX_DEPTH = 64;
const MAX_ALIASED = 1_000_000;

/** The document with `${…}` replaced. Of its members, those not `wanted` stay unread and are `null`. */
export function readTree(
  { tree, anchors }: TreeDocument,
  text: Text,
  env: Environment,
  wanted: (name: string, names: readonly string[]) => boolean,
  report: Report,
): Source {
  let aliased = 0;
  const fail = (at: number, rule: string, message: string, hint: string) => {
    report(diagnose(text, text.origin(at), { rule, message, hint }));
  };
  /** What an alias stands for: the anchor of that name which is nearest before it. */
  const follow = (node: Tree): Tree | null => {
    if (node.kind !== 'alias') return node;
    let found: Tree | null = null;
    for (const anchor of anchors) {
      const { at } = anchor.tree;
      if (anchor.name === node.name && at >= tree.at && at < node.at && at > (found?.at ?? -1)) found = anchor.tree;
    }
    return found;
  };
  return { text, value: null, at: () => text.origin(0) };
}
