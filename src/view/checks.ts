import { paint, type Look } from './look.ts';
import { indent, lines } from '../encode/terminal.ts';

/** One thing that `doctor` looked at. */
export type Check = {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'warning' | 'failed';
  readonly message: string;
  readonly hint: string | null;
};

/** A line for each check, with what to do about it below. */
export function checksText(checks: readonly Check[], look: Look): string {
  const { green, yellow, red, dim } = paint(look);
  const signs = { ok: green('ok     '), note: dim('note   '), warning: yellow('warning'), failed: red('failed ') };
  return checks
    .map(({ name, state, message, hint }) => {
      const next = hint === null || hint === '' ? '' : `${indent(lines(hint), '                     ')}\n`;
      return `${signs[state]}  ${name.padEnd(10)}  ${indent(lines(message), '                     ').trimStart()}\n${next}`;
    })
    .join('');
}
