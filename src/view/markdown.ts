/** A plan as Markdown, for a comment on a pull request. All that came from outside stands in a fence, where nothing is marked up. */
import type { Plan } from '../model/plan.ts';
import type { Look } from './look.ts';
import { planText, summaryText } from './plan.ts';

/** Longer plans are folded. */
const LONG = 30;
/** GitHub takes no comment of more than 65,536 characters: all sets together stay below. */
const MOST = 60_000;

/** Plans of several sets: of each its sum, and what would change. */
export function plansMarkdown(plans: readonly Plan[], look: Look): string {
  const most = Math.floor(MOST / Math.max(1, plans.length));
  return plans.map((plan) => planMarkdown(plan, look, most)).join('\n');
}

function planMarkdown(plan: Plan, look: Look, most: number): string {
  const sum = summaryText(plan);
  const text = planText(plan, look).trimEnd();
  const body = text === sum ? '' : text.slice(0, -sum.length).replace(`${plan.set}\n\n`, '').trimEnd();
  const title = `### vkeys plan: \`${plan.set}\`\n\n`;
  if (body === '') return `${title}${sum}\n`;
  const [shown, left] = cut(body.split('\n'), most);
  const rest = left === 0 ? '' : `\n${String(left)} more lines are left out: \`vkeys plan\` shows all of it.\n`;
  const fenced = fence(shown.join('\n'));
  if (shown.length <= LONG) return `${title}**${sum}**\n\n${fenced}${rest}`;
  return `${title}<details>\n<summary>${sum}</summary>\n\n${fenced}${rest}\n</details>\n`;
}

/** The first lines that fit, and how many do not. */
function cut(rows: readonly string[], most: number): readonly [readonly string[], number] {
  let room = most;
  const end = rows.findIndex((row) => (room -= row.length + 1) < 0);
  return end === -1 ? [rows, 0] : [rows.slice(0, end), rows.length - end];
}

/** Signs come first in a line, so that they are coloured; the fence is longer than any in the text. */
function fence(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  const rows = text.split('\n').map((row) => row.replace(/^ {2}(?=[+~±>-] )/, ''));
  return `${mark}diff\n${rows.join('\n')}\n${mark}\n`;
}
