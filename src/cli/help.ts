import { Help, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { TOPICS } from '../view/topics.ts';
import { EXITS } from './exit-codes.ts';

/** The commands are what people look for, so they come before the options that all of them take. */
export function commandsFirst(command: CommandUnknownOpts, helper: Help): string {
  const [usage = '', description = '', ...sections] = new Help().formatHelp(command, helper).trimEnd().split('\n\n');
  const isOptions = (section: string): boolean => /^\s+-/m.test(section);
  const sorted = [...sections.filter((section) => !isOptions(section)), ...sections.filter(isOptions)];
  if (command.parent !== null) sorted.push('Every command also takes the global options: vkeys --help');
  else sorted.splice(sorted.findIndex(isOptions), 0, topics(command, helper));
  return `${[usage, description, ...sorted].join('\n\n')}\n`;
}

/** Command lines below a command's help. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}

function topics(command: CommandUnknownOpts, helper: Help): string {
  const width = helper.padWidth(command, helper);
  const lines = Object.entries(TOPICS).map(([name, about]) => helper.formatItem(name, width, about, helper));
  return ['Topics of vkeys help:', ...lines].join('\n');
}

const EXIT_CODES = Object.values(EXITS).map(({ code, short }) => `${String(code)} ${short}`);

export const FOOTER = `
Start here:
  vkeys init                           a commented spec to begin with
  vkeys plan --sandbox                 what it would do, without a server
  vkeys create me --duration 8h

Exit codes: ${EXIT_CODES.slice(0, 5).join(' · ')}
            ${EXIT_CODES.slice(5).join(' · ')}`;
