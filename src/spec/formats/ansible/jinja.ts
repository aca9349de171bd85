/** The part of Jinja that is read here: variables, texts, numbers, look-ups of the environment, a few filters. */
import type { Json } from '../../../base/json.ts';
import { isHeld } from '../../../base/numeral.ts';

/** `+` is `~` of texts here. */
const OPERATORS = ['~', '+', '>'] as const;
export type Operator = (typeof OPERATORS)[number];
const FILTERS = ['default', 'd', 'int', 'string', 'bool', 'trim'] as const;
export type Filter = (typeof FILTERS)[number];

export type Expression =
  | { readonly is: 'value'; readonly value: Json }
  | { readonly is: 'variable'; readonly name: string; readonly steps: readonly string[] }
  | { readonly is: 'environment'; readonly name: string; readonly fallback: Expression | null }
  | { readonly is: 'filtered'; readonly of: Expression; readonly filter: Filter; readonly with: readonly Expression[] }
  | { readonly is: 'joined'; readonly left: Expression; readonly operator: Operator; readonly right: Expression };

/** Text, and what stands in `{{ … }}`; `null` for other Jinja. */
export type Template = readonly (string | Expression)[];

const MARK = /\{\{|\{%|\{#/;
const INSIDE = /\{\{-?((?:'[^']*'|"[^"]*"|[^'"}]|\}(?!\}))*?)-?\}\}/y;
/** Nobody writes more of them into one expression. */
const MOST_TOKENS = 100;

export function hasJinja(text: string): boolean {
  return MARK.test(text);
}

export function parseTemplate(text: string): Template | null {
  const parts: (string | Expression)[] = [];
  let rest = 0;
  for (;;) {
    const start = text.indexOf('{{', rest);
    const before = text.slice(rest, start === -1 ? undefined : start);
    if (hasJinja(before)) return null;
    if (before !== '') parts.push(before);
    if (start === -1) return parts;
    INSIDE.lastIndex = start;
    const [part, inside] = INSIDE.exec(text) ?? [];
    const expression = inside === undefined ? null : parseExpression(inside);
    if (part === undefined || expression === null) return null;
    parts.push(expression);
    rest = start + part.length;
  }
}

/** The names of the variables that a template looks up, however its expressions are nested. */
export function variablesOf(text: string): readonly string[] {
  return (parseTemplate(text) ?? []).flatMap((part) => (typeof part === 'string' ? [] : namesIn(part)));
}

function namesIn(expression: Expression): readonly string[] {
  switch (expression.is) {
    case 'value':
      return [];
    case 'variable':
      return [expression.name];
    case 'environment':
      return expression.fallback === null ? [] : namesIn(expression.fallback);
    case 'filtered':
      return [expression.of, ...expression.with].flatMap(namesIn);
    case 'joined':
      return [expression.left, expression.right].flatMap(namesIn);
  }
}

const TOKEN = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([|~+>(),=.[\]]))/y;
const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['omit', null],
]);

type Token = { readonly is: 'text' | 'number' | 'word' | 'mark'; readonly text: string };
/** What is left to read. */
type Tokens = Token[];

function parseExpression(text: string): Expression | null {
  const tokens = tokensOf(text.trim());
  const expression = tokens === null ? null : compared(tokens);
  return tokens?.length === 0 ? expression : null;
}

function tokensOf(text: string): Tokens | null {
  const tokens: Tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null || tokens.length === MOST_TOKENS) return null;
    const [, single, double, number, word, mark] = found;
    const quotedText = single ?? double;
    if (quotedText !== undefined) tokens.push({ is: 'text', text: quotedText });
    else if (number !== undefined) tokens.push({ is: 'number', text: number });
    else if (word !== undefined) tokens.push({ is: 'word', text: word });
    else tokens.push({ is: 'mark', text: String(mark) });
  }
  return tokens;
}

/** Takes the next token where it is this mark. */
function take(tokens: Tokens, mark: string): boolean {
  const isNext = tokens[0]?.is === 'mark' && tokens[0].text === mark;
  if (isNext) tokens.shift();
  return isNext;
}

function compared(tokens: Tokens): Expression | null {
  const left = chain(tokens, ['~', '+'], piped);
  return left === null || !take(tokens, '>') ? left : joined(left, '>', chain(tokens, ['~', '+'], piped));
}

function chain(
  tokens: Tokens,
  operators: readonly Operator[],
  next: (tokens: Tokens) => Expression | null,
): Expression | null {
  let left = next(tokens);
  for (;;) {
    const operator = operators.find((each) => take(tokens, each));
    if (left === null || operator === undefined) return left;
    left = joined(left, operator, next(tokens));
  }
}

function joined(left: Expression, operator: Operator, right: Expression | null): Expression | null {
  return right === null ? null : { is: 'joined', left, operator, right };
}

function piped(tokens: Tokens): Expression | null {
  let of = primary(tokens);
  while (of !== null && take(tokens, '|')) {
    const name = tokens.shift()?.text;
    const filter = FILTERS.find((known) => known === name);
    const given = take(tokens, '(') ? list(tokens) : [];
    of = filter === undefined || given === null ? null : { is: 'filtered', of, filter, with: given };
  }
  return of;
}

/** Expressions up to a closing parenthesis. */
function list(tokens: Tokens): readonly Expression[] | null {
  const items: Expression[] = [];
  if (take(tokens, ')')) return items;
  do {
    const item = compared(tokens);
    if (item === null) return null;
    items.push(item);
  } while (take(tokens, ','));
  return take(tokens, ')') ? items : null;
}

function primary(tokens: Tokens): Expression | null {
  if (take(tokens, '(')) {
    const inside = compared(tokens);
    return take(tokens, ')') ? inside : null;
  }
  const first = tokens.shift();
  if (first === undefined || first.is === 'mark') return null;
  if (first.is === 'text') return { is: 'value', value: first.text };
  if (first.is === 'number') return isHeld(first.text) ? { is: 'value', value: Number(first.text) } : null;
  const word = WORDS.get(first.text);
  if (word !== undefined) return { is: 'value', value: word };
  if (take(tokens, '(')) return first.text === 'lookup' ? lookup(tokens) : null;
  return variable(first.text, tokens);
}

/** `lookup('env', 'NAME')`, perhaps with `default='…'`. */
function lookup(tokens: Tokens): Expression | null {
  const [plugin, comma, name] = tokens.splice(0, 3);
  const isEnv = plugin?.is === 'text' && /^(?:ansible\.builtin\.)?env$/.test(plugin.text) && comma?.text === ',';
  if (!isEnv || name?.is !== 'text') return null;
  if (take(tokens, ')')) return { is: 'environment', name: name.text, fallback: null };
  const isDefault = take(tokens, ',') && tokens.shift()?.text === 'default' && take(tokens, '=');
  const fallback = isDefault ? compared(tokens) : null;
  return fallback !== null && take(tokens, ')') ? { is: 'environment', name: name.text, fallback } : null;
}

function variable(name: string, tokens: Tokens): Expression | null {
  const steps: string[] = [];
  for (;;) {
    const isDot = take(tokens, '.');
    if (!isDot && !take(tokens, '[')) return { is: 'variable', name, steps };
    const step = tokens.shift();
    if (step === undefined || step.is === 'mark' || (isDot && step.is !== 'word') || (!isDot && step.is === 'word'))
      return null;
    if (!isDot && !take(tokens, ']')) return null;
    steps.push(step.text);
  }
}
