/** Keys that change alike, told together: once for a plan, and once for a report. */
import { isCreation, type Action, type Change } from '../model/change.ts';
import { refText } from '../model/ref.ts';
import { paint, widthOf, type Look } from './look.ts';
import { shortNames } from './names.ts';
import { shownChanges } from '../model/shown.ts';
import { wrap } from './wrap.ts';
import { indent, oneLine } from '../encode/terminal.ts';
import { changeText } from './value.ts';

/** The sign and the colour of each action, wherever one is shown. */
const SIGNS = {
  create: { sign: '+', color: 'green' },
  update: { sign: '~', color: 'yellow' },
  replace: { sign: '±', color: 'magenta' },
  adopt: { sign: '>', color: 'cyan' },
  delete: { sign: '-', color: 'red' },
  noop: { sign: ' ', color: 'dim' },
} as const satisfies Record<Action, { sign: string; color: string }>;

/** The one field that differs from key to key, and still reads alike. */
const PERSONAL = 'user_id';

type Line = { readonly field: string; readonly text: string };

/** Changes that read alike but for the key's own name. */
export type Group = { readonly first: Change; readonly changes: readonly Change[]; readonly lines: readonly Line[] };

export function signOf(action: Action, look: Look): string {
  const { sign, color } = SIGNS[action];
  return paint(look)[color](sign);
}

/** The changes in groups, in their order. */
export function groupsOf(changes: readonly Change[], { now }: Look): readonly Group[] {
  const groups = new Map<string, Group & { readonly changes: Change[] }>();
  for (const change of changes) {
    const lines = linesOf(change, now);
    const shared = lines.filter(({ field }) => field !== PERSONAL);
    const signature = JSON.stringify([change.action, change.reason, shared, shared.length === lines.length]);
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, { first: change, changes: [change], lines });
    else group.changes.push(change);
  }
  return [...groups.values()];
}

/** `  + lab-user1 … user25 (25 keys)`: the sign of the first, the names, and a note. */
export function namesText(changes: readonly Change[], note: string, look: Look): string {
  const [first] = changes;
  if (first === undefined) return '';
  const names = wrap(shortNames(changes.map(({ ref }) => ref.name)), widthOf(look) - 18);
  return `  ${signOf(first.action, look)} ${indent(names, '    ').trimStart()}${note}\n`;
}

/** A line for each field of a group. */
export function fieldsText({ changes, lines }: Group, look: Look): string {
  const width = Math.max(0, ...lines.map(({ field }) => field.length));
  return lines
    .map(({ field, text }) => {
      const value = field === PERSONAL ? personalText(changes, look.now) : text;
      return `      ${field.padEnd(width)}  ${indent(value, ' '.repeat(width + 8)).trimStart()}\n`;
    })
    .join('');
}

function linesOf(change: Change, now: Date): readonly Line[] {
  const fields = shownChanges(change).map((field) => ({
    field: oneLine(field.field),
    text: changeText(field, isCreation(change), now),
  }));
  const taken = change.takes.map((ref) => oneLine(refText(ref)));
  return taken.length === 0 ? fields : [...fields, { field: 'takes along', text: taken.join(', ') }];
}

/** The personal field once, with `{user}` in it, where that says it all; else key by key. */
function personalText(changes: readonly Change[], now: Date): string {
  const texts = changes.map((change) => {
    const text = linesOf(change, now).find(({ field }) => field === PERSONAL)?.text ?? '';
    return { key_alias: oneLine(change.ref.name), text, pattern: patternOf(change, text) };
  });
  const [first] = texts;
  if (first === undefined || texts.length === 1) return first?.text ?? '';
  if (texts.every(({ text }) => text === first.text)) return first.text;
  if (texts.every(({ pattern }) => pattern !== null && pattern === first.pattern)) return first.pattern ?? '';
  const width = Math.max(...texts.map(({ key_alias }) => key_alias.length));
  return texts.map(({ key_alias, text }) => `${key_alias.padEnd(width)}  ${text}`).join('\n');
}

/** The text with the user's name as `{user}`; `null` where the alias does not tell that name. */
function patternOf({ ref: { name: key_alias }, desired }: Change, text: string): string | null {
  const user = desired?.user ?? '';
  return user !== '' && key_alias.includes(user) ? text.replaceAll(oneLine(user), '{user}') : null;
}
