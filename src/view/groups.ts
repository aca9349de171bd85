/** Keys that change alike, told together: once for a plan, and once for a report. */
import { REFERENCES } from '../kinds/references.ts';
import { isCreation, type Action, type Change } from '../model/change.ts';
import { nameText, refText } from '../model/ref.ts';
import { paint, widthOf, type Look } from './look.ts';
import { shortNames, someNames } from './names.ts';
import { patternsOf, type Filled } from './patterns.ts';
import { shownChanges } from '../model/shown.ts';
import { wrap } from './wrap.ts';
import { indent, oneLine } from '../encode/terminal.ts';
import { changeSides, sidesText, type Side } from './value.ts';

/** The sign and the colour of each action, wherever one is shown. */
const SIGNS = {
  create: { sign: '+', color: 'green' },
  update: { sign: '~', color: 'yellow' },
  replace: { sign: '±', color: 'magenta' },
  rotate: { sign: '↻', color: 'magenta' },
  adopt: { sign: '>', color: 'cyan' },
  delete: { sign: '-', color: 'red' },
  noop: { sign: ' ', color: 'dim' },
} as const satisfies Record<Action, { sign: string; color: string }>;

/** Nobody's key is lost by these, so that of many the first names are enough. */
const HARMLESS: ReadonlySet<Action> = new Set(['create', 'update', 'noop']);

/** The one field that may differ from key to key without a template that says it: it is told key by key. */
const PERSONAL = 'user_id';

/** A field of one key, on its way to be told together with that of others. `patterns`: what each side is alike with others. */
type Line = { readonly field: string; readonly sides: readonly Side[]; readonly patterns: readonly (string | null)[] };
type Lined = { readonly change: Change; readonly lines: readonly Line[] };

/** Changes that read alike but for what they have of their own key, or of its user. */
export type Group = { readonly first: Change; readonly changes: readonly Change[]; readonly members: readonly Lined[] };

export function signOf(action: Action, look: Look): string {
  const { sign, color } = SIGNS[action];
  return paint(look)[color](sign);
}

/** The changes in groups, in their order. */
export function groupsOf(changes: readonly Change[], { now }: Look): readonly Group[] {
  const lined = changes.map((change): Lined => ({ change, lines: linesOf(change, now) }));
  const similar = [...groupBy(lined, kindOf).values()].flatMap(withPatterns);
  const inOrder = new Map(similar.map((each) => [each.change, each]));
  const groups = groupBy(
    changes.flatMap((change) => inOrder.get(change) ?? []),
    (each) => JSON.stringify([kindOf(each), each.lines.map(signatureOf)]),
  );
  return [...groups.values()].flatMap((members) => {
    const all = members.map(({ change }) => change);
    const [first] = all;
    return first === undefined ? [] : [{ first, changes: all, members }];
  });
}

/** `  + lab-user1 … user25 (25 keys)`: the sign of the first, the names, and a note. */
export function namesText(changes: readonly Change[], note: string, look: Look): string {
  const [first] = changes;
  if (first === undefined) return '';
  const short = HARMLESS.has(first.action) ? someNames : shortNames;
  const names = wrap(short(changes.map(({ ref }) => nameText(ref))), widthOf(look) - 18);
  return `  ${signOf(first.action, look)} ${indent(names, '    ').trimStart()}${note}\n`;
}

/** A line for each field of a group, but for those which are told elsewhere. */
export function fieldsText({ members }: Group, told: ReadonlySet<string> = new Set()): string {
  const lines = (members[0]?.lines ?? []).flatMap((line, index) => (told.has(line.field) ? [] : [{ line, index }]));
  const width = Math.max(0, ...lines.map(({ line: { field } }) => field.length));
  return lines
    .map(({ line, index }) => {
      const value = members.length > 1 && isAlike(line) ? sidesText(patternedSides(line)) : keyByKey(members, index);
      return `      ${line.field.padEnd(width)}  ${indent(value, ' '.repeat(width + 8)).trimStart()}\n`;
    })
    .join('');
}

function groupBy<T>(all: readonly T[], signature: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const name = signature(each);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [each]);
    else group.push(each);
  }
  return groups;
}

function linesOf(change: Change, now: Date): readonly Line[] {
  const lines = shownChanges(change)
    .filter(({ field }) => !isInName(change, field))
    .map((shown): Line => {
      const named = byName(change, shown.field);
      const sides = named?.sides ?? changeSides(shown, isCreation(change), now);
      return { field: oneLine(named?.word ?? shown.field), sides, patterns: sides.map(({ text }) => text) };
    });
  const taken = change.takes.map((ref) => oneLine(refText(ref))).join(', ');
  if (taken === '') return lines;
  return [...lines, { field: 'takes along', sides: [{ text: taken, isWord: false }], patterns: [taken] }];
}

/** The name of a member says whose it is. */
function isInName({ ref }: Change, field: string): boolean {
  return ref.kind === 'member' && (field === 'team_id' || field === 'user_id');
}

/** What a spec calls by its name is called so, and not by an id that nobody has seen. */
function byName(change: Change, field: string): { readonly word: string; readonly sides: readonly Side[] } | null {
  const name = isCreation(change) ? change.desired.names?.[field] : undefined;
  const word = REFERENCES.find((reference) => reference.field === field)?.word;
  return name === undefined || word === undefined ? null : { word, sides: [{ text: name, isWord: true }] };
}

/** What has to be the same for templates to be looked for: all but the values. */
function kindOf({ change, lines }: Lined): string {
  return JSON.stringify([
    change.action,
    change.ref.kind,
    change.reason,
    lines.map(({ field, sides }) => [field, sides.length]),
  ]);
}

function withPatterns(similar: readonly Lined[]): readonly Lined[] {
  const fields = (similar[0]?.lines ?? []).map(({ field, sides }, at) =>
    sides.map((_, side) =>
      fieldPatterns(
        field,
        similar.map(({ change, lines }) => ({ change, side: lines[at]?.sides[side] })),
      ),
    ),
  );
  return similar.map(({ change, lines }, index) => ({
    change,
    lines: lines.map((line, at) => ({ ...line, patterns: (fields[at] ?? []).map((side) => side[index] ?? null) })),
  }));
}

/** A key has its own `user_id` as a placeholder too, which says nothing of it but where a roster has such a column. */
function fieldPatterns(
  field: string,
  all: readonly { readonly change: Change; readonly side: Side | undefined }[],
): readonly (string | null)[] {
  const filled = all.map(({ change, side }): Filled & { readonly own: string | undefined } => {
    const { set: _set, [field]: own, ...names } = change.desired?.placeholders ?? {};
    return { text: side?.text ?? '', names: isTemplated(side) ? names : {}, own };
  });
  const patterns = patternsOf(filled);
  const isColumn = all.every(({ change, side }) => (change.desired?.user ?? null) !== null && isTemplated(side));
  const others = patterns.flatMap((pattern, index) => (pattern === null ? [index] : []));
  if (!isColumn || others.length < 2 || others.some((index) => filled[index]?.own !== filled[index]?.text))
    return patterns;
  return patterns.map((pattern) => pattern ?? `{${field}}`);
}

/** Numbers, and what else is no text, are worth being told as they are. */
function isTemplated(side: Side | undefined): boolean {
  return side !== undefined && (side.isWord || /[^\d.,\s]/.test(side.text));
}

function isAlike({ patterns }: Line): boolean {
  return patterns.every((pattern) => pattern !== null);
}

function signatureOf(line: Line): readonly unknown[] {
  const { field, sides, patterns } = line;
  const isOwn = field === PERSONAL && !isAlike(line);
  return [field, ...patterns.map((pattern, index) => (isOwn ? null : (pattern ?? sides[index]?.text)))];
}

function patternedSides({ sides, patterns }: Line): readonly Side[] {
  return sides.map((side, index) => ({ ...side, text: patterns[index] ?? side.text }));
}

function keyByKey(members: readonly Lined[], index: number): string {
  const texts = members.map(({ change, lines }) => ({
    key_alias: oneLine(change.ref.name),
    text: sidesText(lines[index]?.sides ?? []),
  }));
  const [first] = texts;
  if (first !== undefined && texts.every(({ text }) => text === first.text)) return first.text;
  const width = Math.max(...texts.map(({ key_alias }) => key_alias.length));
  return texts.map(({ key_alias, text }) => `${key_alias.padEnd(width)}  ${text}`).join('\n');
}
