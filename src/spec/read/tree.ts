/** A document as it was read: values, their places and what they stand for. */
import type { Json } from '../../base/json.ts';
import type { Origin } from '../../model/resource.ts';
import type { OnDiagnostic, Problem, Text } from './text.ts';

/** `at` is an offset into the text. */
export type Tree =
  | ScalarTree
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Tree[] }
  | { readonly kind: 'map'; readonly at: number; readonly members: readonly Member[] }
  | { readonly kind: 'alias'; readonly at: number; readonly name: string }
  | { readonly kind: 'broken'; readonly at: number; readonly problem: Problem; readonly written: string | null };
/** `written`: what stands there unquoted that YAML makes a number or a truth of; `null` for anything else. */
export type ScalarTree = {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: Scalar;
  readonly plain: boolean;
  readonly written: string | null;
};
type Scalar = null | boolean | number | string;
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
  /** Hears what is worth saying and no problem. */
  readonly note: OnDiagnostic;
};
