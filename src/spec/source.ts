/**
 * YAML (or JSON) text → trees that know their places. The one file that knows the `yaml` library.
 *
 * It takes the library's nodes instead of `toJS()`, which throws on unknown aliases, only warns of unknown tags, and
 * knows no places. A long list is composed while it is parsed, a few items at a time: the concrete syntax tree of ten
 * thousand keys alone would take more than 100 MB.
 */
import { Composer, Lexer, Parser, isAlias, isMap, isScalar } from 'yaml';
import type { CST, Document, ParsedNode } from 'yaml';
import { diagnose, quoted, type Problem, type Report, type Text } from './text.ts';
import type { Tree, TreeDocument } from './tree.ts';

type Anchors = Map<string, Tree[]>;
type Composed = { readonly tree: Tree; readonly errors: Document.Parsed['errors'] };

const OPTIONS = { prettyErrors: false, uniqueKeys: false, schema: 'core' } as const;
const PIECE = 64;
const DEEPEST = 100;
const MAX_ERRORS = 20;
const COMPARE = 'Compare it with what `vkeys init -` prints.';
const QUOTE = 'Inside { } and [ ], a text with ${…} needs quotes around it.';
const LOOK = 'Look at the indentation, quotes and brackets here and just before.';

/** The documents of a text, without empty ones. What is no YAML is reported instead, and a text without a document. */
export function readTrees(text: Text, report: Report): readonly TreeDocument[] {
  const fail = (at: number, problem: Problem) => {
    report(diagnose(text, text.origin(at), problem));
  };
  const anchors: Anchors = new Map();
  const composed = compose(text.text, anchors);
  if (typeof composed === 'number') {
    fail(composed, { rule: 'limit', message: 'This is nested too deeply.', hint: COMPARE });
    return [];
  }
  const documents = composed.filter(({ tree, errors }) => errors.length > 0 || !isEmpty(tree));
  if (documents.length === 0) fail(0, { rule: 'missing', message: 'There is nothing in it.', hint: COMPARE });
  for (const { pos, message } of documents.flatMap(({ errors }) => errors.slice(0, MAX_ERRORS))) {
    const line = text.line(text.origin(pos[0]).line) ?? '';
    fail(pos[0], { rule: 'yaml', message: `${message}.`, hint: line.includes('${') ? QUOTE : LOOK });
  }
  return documents.filter(({ errors }) => errors.length === 0).map(({ tree }) => ({ tree, anchors }));
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

/** The documents, or the offset where they become so deep that composing them would exhaust the stack. */
function compose(source: string, anchors: Anchors): readonly Composed[] | number {
  const parser = new Parser();
  const composer = new Composer(OPTIONS);
  const documents: Composed[] = [];
  const pieces = new Map<number, Composed[]>();
  const add = (tokens: Iterable<CST.Token>) => {
    for (const token of tokens) documents.push(...Array.from(composer.next(token), (each) => convert(each, anchors)));
  };
  for (const lexeme of new Lexer().lex(source)) {
    add(parser.next(lexeme));
    if (parser.stack.length > DEEPEST) return parser.offset;
    const list = parser.stack[2];
    if (list?.type !== 'block-seq' || list.items.length <= PIECE) continue;
    // The parser still looks at the last two.
    const value = { ...list, items: list.items.splice(0, list.items.length - 2) };
    const token: CST.Document = { type: 'document', offset: list.offset, start: [], value };
    const piece = Array.from(new Composer(OPTIONS).compose([token]), (each) => convert(each, anchors));
    pieces.set(list.offset, [...(pieces.get(list.offset) ?? []), ...piece]);
  }
  add(parser.end());
  documents.push(...Array.from(composer.end(), (each) => convert(each, anchors)));
  return pieces.size === 0 ? documents : documents.map((document) => join(document, pieces));
}

/** Puts the pieces of long lists, and their errors, back where they belong. */
function join({ tree, errors }: Composed, pieces: ReadonlyMap<number, readonly Composed[]>): Composed {
  if (tree.kind !== 'map') return { tree, errors };
  const before = tree.members.flatMap(({ value }) => (value.kind === 'list' ? (pieces.get(value.at) ?? []) : []));
  const members = tree.members.map((member) => {
    const { value } = member;
    if (value.kind !== 'list') return member;
    const items = (pieces.get(value.at) ?? []).flatMap((piece) => (piece.tree.kind === 'list' ? piece.tree.items : []));
    return { ...member, value: { ...value, items: [...items, ...value.items] } };
  });
  return { tree: { ...tree, members }, errors: [...before.flatMap((piece) => piece.errors), ...errors] };
}

function convert({ contents, errors }: Document.Parsed, anchors: Anchors): Composed {
  return {
    tree: errors.length > 0 ? broken(0, LOOK, LOOK) : contents === null ? empty(0) : treeOf(contents, anchors),
    errors,
  };
}

function treeOf(node: ParsedNode, anchors: Anchors): Tree {
  const at = node.range[0];
  if (isAlias(node)) return { kind: 'alias', at, name: node.source };
  const tree = hasKnownTag(node)
    ? plainTree(node, at, anchors)
    : broken(at, `The tag ${quoted(String(node.tag))} is not known here.`, 'Write the value without a tag.');
  if (node.anchor !== undefined) anchors.set(node.anchor, [...(anchors.get(node.anchor) ?? []), tree]);
  return tree;
}

function plainTree(
  node: Exclude<ParsedNode, { readonly source: string; readonly resolve: unknown }>,
  at: number,
  anchors: Anchors,
): Tree {
  if (isScalar(node)) return scalarTree(node.value, at, node.type === 'PLAIN');
  if (!isMap(node)) return { kind: 'list', at, items: node.items.map((item) => treeOf(item, anchors)) };
  const members = node.items.map(({ key, value }) => {
    const place = key.range[0];
    const name = isScalar(key) ? nameOf(key.value) : null;
    if (name === null) {
      const hint = 'A text that begins with {{ or [ needs quotes around it.';
      return { name: '', at: place, value: broken(place, 'A name has to be a plain text.', hint), merges: false };
    }
    const tree: Tree = value === null ? empty(place) : treeOf(value, anchors);
    return { name, at: place, value: tree, merges: name === '<<' && isScalar(key) && key.type === 'PLAIN' };
  });
  return { kind: 'map', at, members };
}

function nameOf(key: unknown): string | null {
  if (typeof key === 'string') return key;
  return typeof key === 'number' || typeof key === 'boolean' ? String(key) : null;
}

function scalarTree(value: unknown, at: number, plain: boolean): Tree {
  const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean';
  if (isPlain || (typeof value === 'number' && Number.isFinite(value))) return { kind: 'scalar', at, value, plain };
  return broken(at, 'JSON has no such value, so the server cannot take it.', 'Write a number, or a text in quotes.');
}

function empty(at: number): Tree {
  return { kind: 'scalar', at, value: null, plain: true };
}

function broken(at: number, message: string, hint: string): Tree {
  const problem: Problem = { rule: 'yaml', message, hint };
  return { kind: 'broken', at, problem };
}

function hasKnownTag(node: ParsedNode): boolean {
  return node.tag === undefined || /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/.test(node.tag);
}
