import type { JsonObject } from '../base/json.ts';
import type { Action, Change, Plan } from '../model/model.ts';
import { hasChanges, summarize } from '../plan/make.ts';
import { paint, widthOf, type Look } from './look.ts';
import { shortNames } from './names.ts';
import { noticesText } from './notices.ts';
import { indent, oneLine, wrap } from '../encode/terminal.ts';
import { changeText, count } from './value.ts';

/** The sign and the colour of each action, wherever one is shown. */
export const SIGNS = {
  create: { sign: '+', color: 'green' },
  update: { sign: '~', color: 'yellow' },
  rotate: { sign: '±', color: 'magenta' },
  adopt: { sign: '>', color: 'cyan' },
  delete: { sign: '-', color: 'red' },
  noop: { sign: ' ', color: 'dim' },
} as const satisfies Record<Action, { sign: string; color: string }>;

type Line = { readonly field: string; readonly text: string };
/** Changes that read alike but for the key's own name. */
type Group = { readonly first: Change; readonly changes: Change[]; readonly lines: readonly Line[] };

/** A plan as people read it: each change with its fields, keys that change alike together; then what is worth saying, then the sum. */
export function planText(plan: Plan, look: Look): string {
  const groups = groupsOf(plan.changes, look).map((group) => groupText(group, look));
  const said = noticesText(plan.refusals, plan.notices, look);
  const parts = [...groups, ...said, `${paint(look).bold(summaryText(plan))}\n`];
  return groups.length === 0 ? parts.join('') : `${oneLine(plan.set)}\n\n${parts.join('\n')}`;
}

/** `Plan: 25 to create, 1 to update, 0 to delete, 3 unchanged.` */
function summaryText(plan: Plan): string {
  const { create, update, rotate, adopt, delete: gone, noop } = summarize(plan);
  const refused =
    plan.refusals.length === 0 ? '' : ` Refused: apply would stop at ${count(plan.refusals.length, 'problem')}.`;
  if (!hasChanges(plan)) {
    if (refused !== '') return refused.trim();
    if (plan.state === 'absent') return 'No changes. No key is left.';
    if (noop === 0) return 'No changes. The spec wants no keys.';
    return noop === 1
      ? 'No changes. 1 key is as the spec says.'
      : `No changes. ${String(noop)} keys are as the spec says.`;
  }
  const counts = [
    `${String(create)} to create`,
    `${String(update)} to update`,
    ...(rotate === 0 ? [] : [`${String(rotate)} to rotate`]),
    ...(adopt === 0 ? [] : [`${String(adopt)} to adopt`]),
    `${String(gone)} to delete`,
    `${String(noop)} unchanged`,
  ];
  return `Plan: ${counts.join(', ')}.${refused}`;
}

/** A plan for programs; keys that stay as they are only count. Free of secrets, as the plan is. */
export function planJson(plan: Plan): JsonObject {
  return {
    version: 1,
    set: plan.set,
    state: plan.state,
    changed: hasChanges(plan),
    summary: summarize(plan),
    changes: plan.changes
      .filter(({ action }) => action !== 'noop')
      .map(({ action, key_alias, desired, live, reason, changes }) => ({
        action,
        key_alias,
        user: desired?.user ?? null,
        key_id: live?.key_id ?? null,
        reason,
        changes,
      })),
    notices: plan.notices,
    refusals: plan.refusals,
  };
}

function groupsOf(changes: readonly Change[], { now }: Look): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    if (change.action === 'noop') continue;
    const lines = linesOf(change, now);
    const shared = lines.filter(({ field }) => field !== 'user_id');
    const signature = JSON.stringify([change.action, change.reason, shared, shared.length === lines.length]);
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, { first: change, changes: [change], lines });
    else group.changes.push(change);
  }
  return [...groups.values()];
}

function linesOf({ action, changes }: Change, now: Date): readonly Line[] {
  const isNew = action === 'create' || action === 'rotate';
  return changes.map((change) => ({ field: oneLine(change.field), text: changeText(change, isNew, now) }));
}

function groupText(group: Group, look: Look): string {
  const { first, changes, lines } = group;
  const { sign, color } = SIGNS[first.action];
  const names = wrap(shortNames(changes.map(({ key_alias }) => key_alias)), widthOf(look) - 18);
  const many = changes.length === 1 ? '' : ` (${count(changes.length, 'key')})`;
  const reason = first.reason === null ? '' : paint(look).dim(` # ${oneLine(first.reason)}`);
  const head = `  ${paint(look)[color](sign)} ${indent(names, '    ').trimStart()}${many}${reason}\n`;
  const width = Math.max(0, ...lines.map(({ field }) => field.length));
  const body = lines.map(({ field, text }) => {
    const value = field === 'user_id' ? userText(changes, look.now) : text;
    return `      ${field.padEnd(width)}  ${indent(value, ' '.repeat(width + 8)).trimStart()}\n`;
  });
  return head + body.join('');
}

/** The one field that differs from key to key: once, with `{user}` in it, where that says it all; else key by key. */
function userText(changes: readonly Change[], now: Date): string {
  const texts = changes.map((change) => {
    const text = linesOf(change, now).find(({ field }) => field === 'user_id')?.text ?? '';
    return { key_alias: oneLine(change.key_alias), text, pattern: patternOf(change, text) };
  });
  const [first] = texts;
  if (first === undefined || texts.length === 1) return first?.text ?? '';
  if (texts.every(({ text }) => text === first.text)) return first.text;
  if (texts.every(({ pattern }) => pattern !== null && pattern === first.pattern)) return first.pattern ?? '';
  const width = Math.max(...texts.map(({ key_alias }) => key_alias.length));
  return texts.map(({ key_alias, text }) => `${key_alias.padEnd(width)}  ${text}`).join('\n');
}

/** The text with the user's name as `{user}`; `null` where the alias does not tell that name. */
function patternOf({ key_alias, desired }: Change, text: string): string | null {
  const user = desired?.user ?? '';
  return user !== '' && key_alias.includes(user) ? text.replaceAll(oneLine(user), '{user}') : null;
}
