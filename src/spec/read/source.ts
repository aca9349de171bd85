/**
 * YAML (or JSON) text → trees that know their places. Beside it only `text.ts` knows the `yaml` library, for lines and columns.
 *
 * It takes the library's nodes instead of `toJS()`, which throws on unknown aliases, only warns of unknown tags, and
 * knows no places. A long list is composed while it is parsed, a few items at a time: the concrete syntax tree of ten
 * thousand keys alone would take more than 100 MB.
 */
import { Composer, Lexer, Parser, isAlias, isMap, isScalar } from 'yaml';
import type { CST, Document, ParsedNode, Scalar } from 'yaml';
import { changesNumber, lossOf } from './number.ts';
import { nameProblem, textProblem } from './pasted.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic, type Text } from './text.ts';
import type { Tree, TreeDocument } from './tree.ts';

type Anchors = Map<string, Tree[]>;
type Parsed = Document.Parsed<ParsedNode, false>;
/** What is known so far: anchors, and the pieces of long lists by the lists' offsets. */
type Context = { readonly anchors: Anchors; readonly pieces: Map<number, Composed[]> };
type Composed = { readonly tree: Tree; readonly errors: Parsed['errors'] };

const OPTIONS = { prettyErrors: false, uniqueKeys: false, schema: 'core' } as const;
const PIECE = 64;
const DEEPEST = 100;
/** Names, values, blanks and marks of a text; each takes a few hundred bytes of memory while it is composed. */
const MOST_LEXEMES = 800_000;
/** Of a document; and of a text, those that the parser finds, each of which costs a stack trace. */
const MAX_ERRORS = 20;
const VAULT = 'This is encrypted with Ansible Vault, which only Ansible can open.';
const OPEN_VAULT =
  'Take the line out and give vkeys an address as --url, a credential as LITELLM_MASTER_KEY. To see a value: ansible localhost -m debug -a var=NAME -e @FILE --ask-vault-pass';
const COMPARE = 'Compare it with what `vkeys init -` prints.';
const QUOTE = "A text with {…} or ${…} in it needs quotes around it, like 'lab-{user}'.";
const LOOK = 'Look at the indentation, quotes and brackets here and just before.';

/** The documents of a text, without empty ones. What is no YAML is reported instead, and a text without a document. */
export function readTrees(text: Text, report: OnDiagnostic): readonly TreeDocument[] {
  const fail = (at: number, problem: Problem) => {
    report(diagnose(text, text.origin(at), problem));
  };
  if (text.text.startsWith('$ANSIBLE_VAULT;')) {
    const hint = `Let Ansible open it: ansible-vault view ${text.file} | vkeys validate -f -`;
    fail(0, { rule: 'ansible', message: VAULT, hint });
    return [];
  }
  const anchors: Anchors = new Map();
  const composed = compose(text.text, anchors);
  if ('message' in composed) {
    fail(composed.at, { rule: 'limit', ...composed });
    return [];
  }
  for (const known of anchors.values()) known.sort((a, b) => a.at - b.at);
  const documents = composed.filter(({ tree, errors }) => errors.length > 0 || !isEmpty(tree));
  if (documents.length === 0) fail(0, { rule: 'missing', message: 'There is nothing in it.', hint: COMPARE });
  for (const { errors } of documents) {
    const unquoted = errors.find(({ pos }) => isTemplate(text, pos[0]));
    /* What is wrong behind a text without its quotes comes from that. */
    const told = errors.slice(0, unquoted === undefined ? MAX_ERRORS : errors.indexOf(unquoted) + 1);
    for (const { pos, message } of told)
      fail(pos[0], { rule: 'yaml', message: `${message}.`, hint: isTemplate(text, pos[0]) ? QUOTE : LOOK });
  }
  return documents.filter(({ errors }) => errors.length === 0).map(({ tree }) => ({ tree, anchors }));
}

/** Whether there is a placeholder in the line. */
function isTemplate(text: Text, at: number): boolean {
  return /\{[^{}:]*\}/.test(String(text.line(text.origin(at).line)));
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

type Excess = { readonly at: number; readonly message: string; readonly hint: string };

/** The documents, or where they become so deep or so many that composing them would exhaust the stack or the memory. */
function compose(source: string, anchors: Anchors): readonly Composed[] | Excess {
  const parser = new Parser();
  const composer = new Composer<ParsedNode, false>(OPTIONS);
  const documents: Composed[] = [];
  const context: Context = { anchors, pieces: new Map() };
  const add = (found: Iterable<Parsed>) => {
    for (const document of found) documents.push(convert(document, context));
  };
  let [lexemes, errors] = [0, 0];
  for (const lexeme of new Lexer().lex(source)) {
    lexemes += 1;
    if (lexemes > MOST_LEXEMES) {
      return { at: parser.offset, message: 'The file is too big from here on.', hint: 'Split it into several files.' };
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') errors += 1;
      if (token.type !== 'error' || errors <= MAX_ERRORS) add(composer.next(token));
    }
    if (parser.stack.length > DEEPEST) {
      return { at: parser.offset, message: 'This is nested too deeply.', hint: COMPARE };
    }
    const list = parser.stack[2];
    if (list?.type === 'block-seq' && list.items.length > PIECE) takePiece(list, context);
  }
  for (const token of parser.end()) add(composer.next(token));
  add(composer.end());
  return documents;
}

/** Composes the items that a list has so far, but the last two, which the parser still looks at. */
function takePiece(list: CST.BlockSequence, context: Context): void {
  const { offset } = list;
  const value = { ...list, items: list.items.splice(0, list.items.length - 2) };
  const token: CST.Document = { type: 'document', offset, start: [], value };
  const pieces = context.pieces.get(offset) ?? [];
  for (const piece of new Composer<ParsedNode, false>(OPTIONS).compose([token])) {
    pieces.push(convert(piece, { ...context, pieces: new Map() }));
  }
  context.pieces.set(offset, pieces);
}

function convert(document: Parsed, context: Context): Composed {
  const [start, , end] = document.range;
  const own = [...context.pieces].filter(([offset]) => start <= offset && offset < end);
  const pieces = own.flatMap(([, each]) => each);
  const errors = [...pieces.flatMap((piece) => piece.errors), ...document.errors];
  const tree = errors.length > 0 ? empty(start) : treeOf(document.contents, context);
  for (const [offset] of own) context.pieces.delete(offset);
  return { tree, errors };
}

function treeOf(node: ParsedNode, context: Context): Tree {
  const at = node.range[0];
  if (isAlias(node)) return { kind: 'alias', at, name: node.source };
  const tree = hasKnownTag(node)
    ? plainTree(node, at, context)
    : /^!vault(?:-encrypted)?$/.test(String(node.tag))
      ? broken(at, VAULT, OPEN_VAULT)
      : broken(at, `The tag ${quoted(String(node.tag))} is not known here.`, 'Write the value without a tag.');
  if (node.anchor !== undefined) context.anchors.set(node.anchor, [...(context.anchors.get(node.anchor) ?? []), tree]);
  return tree;
}

function plainTree(
  node: Exclude<ParsedNode, { readonly source: string; readonly resolve: unknown }>,
  at: number,
  context: Context,
): Tree {
  if (isScalar(node)) return scalarTree(node, at);
  if (!isMap(node)) {
    const before = (context.pieces.get(at) ?? []).map(({ tree }) => tree).filter((tree) => tree.kind === 'list');
    const items = node.items.map((item) => treeOf(item, context));
    return { kind: 'list', at, items: [...before.flatMap((piece) => piece.items), ...items] };
  }
  const [only, ...others] = node.items;
  if (node.flow === true && only?.value === null && others.length === 0 && isScalar(only.key)) {
    const text = `{${only.key.source}}`;
    return broken(at, `To YAML, ${text} is a mapping.`, `If it is a text, put it in quotes: '${text}'.`);
  }
  const members = node.items.map(({ key, value }) => {
    const place = key.range[0];
    const name = isScalar(key) ? nameOf(key) : null;
    if (name === null) {
      const hint = 'A text that begins with {{ or [ needs quotes around it.';
      return { name: '', at: place, value: broken(place, 'A name has to be a plain text.', hint), merges: false };
    }
    const pasted = isScalar(key) && key.type === 'PLAIN' ? nameProblem(name) : null;
    if (pasted !== null) return { name: '', at: place, value: brokenBy(place, pasted), merges: false };
    const tree: Tree = value === null ? empty(place) : treeOf(value, context);
    return { name, at: place, value: tree, merges: name === '<<' && isScalar(key) && key.type === 'PLAIN' };
  });
  return { kind: 'map', at, members };
}

/** Numbers and the like stay as they are written. */
function nameOf({ value, source }: Scalar.Parsed): string | null {
  if (typeof value === 'string') return value;
  return source === '' ? null : source;
}

function scalarTree(node: Scalar.Parsed, at: number): Tree {
  const { value } = node;
  const plain = node.type === 'PLAIN';
  const pasted = plain && typeof value === 'string' ? textProblem(value) : null;
  if (pasted !== null) return brokenBy(at, pasted);
  if (value === null || typeof value === 'string') return { kind: 'scalar', at, value, plain, written: null };
  const written = node.source;
  if (typeof value === 'boolean') return { kind: 'scalar', at, value, plain, written };
  if (changesNumber(node)) return { kind: 'broken', at, problem: lossOf(written), written };
  // LiteLLM does not tell -0 from 0.
  if (typeof value === 'number' && Number.isFinite(value))
    return { kind: 'scalar', at, value: value + 0, plain, written };
  const message = 'JSON has no such value, so the server cannot take it.';
  return { ...broken(at, message, 'Write a number, or a text in quotes.'), written };
}

function empty(at: number): Tree {
  return { kind: 'scalar', at, value: null, plain: true, written: null };
}

function broken(at: number, message: string, hint: string): Tree & { readonly kind: 'broken' } {
  return brokenBy(at, { rule: 'yaml', message, hint });
}

function hasKnownTag(node: ParsedNode): boolean {
  return node.tag === undefined || /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/.test(node.tag);
}

function brokenBy(at: number, problem: Problem): Tree & { readonly kind: 'broken' } {
  return { kind: 'broken', at, problem, written: null };
}
