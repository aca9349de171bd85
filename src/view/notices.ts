import type { Notice } from '../model/plan.ts';
import { nameText } from '../model/ref.ts';
import { paint, widthOf, type Look } from './look.ts';
import { shortNames } from './names.ts';
import { indent, lines } from '../encode/terminal.ts';
import { topicOfNotice } from './topics.ts';
import { wrap } from './wrap.ts';

/** Refusals, then notices, each a paragraph of its own; several keys of which the same is to be said share one. */
export function noticesText(refusals: readonly Notice[], notices: readonly Notice[], look: Look): readonly string[] {
  const { red, yellow } = paint(look);
  return [
    ...alike(refusals).map((same) => paragraph(same, red('refused:'), look)),
    ...alike(notices).map((same) => paragraph(same, yellow('notice:'), look)),
  ];
}

function alike(notices: readonly Notice[]): readonly (readonly Notice[])[] {
  const groups = new Map<string, Notice[]>();
  for (const notice of notices) {
    const signature = JSON.stringify([notice.code, notice.message, notice.hint]);
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, [notice]);
    else group.push(notice);
  }
  return [...groups.values()];
}

function paragraph(same: readonly Notice[], label: string, look: Look): string {
  const [first] = same;
  if (first === undefined) return '';
  const aliases = [...new Set(same.flatMap(({ ref }) => (ref === null ? [] : [nameText(ref)])))];
  const message = lines(first.message);
  const names = aliases.length === 0 ? '' : `${wrap(shortNames(aliases), widthOf(look) - 12)}: `;
  const text = indent(`${names}${message}`, '  ').trimStart();
  const hint = first.hint === null ? '' : `${indent(lines(first.hint), '  ')}\n`;
  const topic = topicOfNotice(first.code);
  return `${label} ${text}\n${hint}${topic === null ? '' : `  More: vkeys help ${topic}\n`}`;
}
