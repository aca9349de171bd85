import { hasWork, summarize, type Plan } from '../model/plan.ts';
import { fieldsText, groupsOf, namesText, type Group } from './groups.ts';
import { paint, type Look } from './look.ts';
import { noticesText } from './notices.ts';
import { oneLine } from '../encode/terminal.ts';
import { pathTexts } from './paths.ts';
import { count, countKinds } from './value.ts';

/** So many files are told one by one. */
const FEW = 3;

/** A plan as people read it: each change with its fields, keys that change alike together; then hand-outs, then what is worth saying, then the sum. */
export function planText(plan: Plan, look: Look): string {
  const groups = groupsOf(
    plan.changes.filter(({ action }) => action !== 'noop'),
    look,
  ).map((group) => groupText(group, look));
  const parts = [
    ...groups,
    handoutsText(plan, look),
    ...noticesText(plan.refusals, plan.notices, look),
    `${paint(look).bold(summaryText(plan))}\n`,
  ].filter((part) => part !== '');
  return groups.length === 0 ? parts.join('') : `${oneLine(plan.set)}\n\n${parts.join('\n')}`;
}

/** Hand-outs from which a key would be taken: because it is gone, or belongs elsewhere now. */
export function withdrawnIn({
  withdrawals,
  retractions,
}: Pick<Plan, 'withdrawals' | 'retractions'>): readonly string[] {
  return [...new Set([...withdrawals.flatMap(({ places }) => places.map(({ path }) => path)), ...retractions])];
}

function handoutsText(plan: Plan, look: Look): string {
  const line = (what: string, paths: readonly string[]): string =>
    paths.length === 0 ? '' : `  Would ${what} ${pathTexts(paths, FEW, look).join(', ')}\n`;
  return line('write again:', plan.rewrites) + line('take keys out of', withdrawnIn(plan));
}

/** `Plan: 25 to create, 1 to update, 0 to delete, 3 unchanged.` */
export function summaryText(plan: Plan): string {
  const { create, update, replace, rotate, adopt, delete: gone, noop } = summarize(plan);
  const refused =
    plan.refusals.length === 0 ? '' : ` Refused: apply would stop at ${count(plan.refusals.length, 'problem')}.`;
  if (!hasWork(plan)) {
    if (refused !== '') return refused.trim();
    if (plan.state === 'absent') return 'No changes. No key is left.';
    if (noop === 0) return 'No changes. The spec wants no keys.';
    return `No changes. ${countKinds(plan.changes.map(({ ref }) => ref))} ${noop === 1 ? 'is' : 'are'} as the spec says.`;
  }
  const files = new Set([...plan.rewrites, ...withdrawnIn(plan)]).size;
  const counts = [
    `${String(create)} to create`,
    `${String(update)} to update`,
    ...(replace === 0 ? [] : [`${String(replace)} to replace`]),
    ...(rotate === 0 ? [] : [`${String(rotate)} to rotate`]),
    ...(adopt === 0 ? [] : [`${String(adopt)} to adopt`]),
    `${String(gone)} to delete`,
    `${String(noop)} unchanged`,
    ...(files === 0 ? [] : [`${count(files, 'hand-out')} to write`]),
  ];
  return `Plan: ${counts.join(', ')}.${refused}`;
}

function groupText(group: Group, look: Look): string {
  const { first, changes } = group;
  const many = changes.length === 1 ? '' : ` (${countKinds(changes.map(({ ref }) => ref))})`;
  const reason = first.reason === null ? '' : paint(look).dim(` # ${oneLine(first.reason)}`);
  return namesText(changes, many + reason, look) + fieldsText(group);
}
