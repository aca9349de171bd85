import { Help, type CommandUnknownOpts } from '@commander-js/extra-typings';

/** The commands are what people look for, so they come before the options that all of them take. */
export function commandsFirst(command: CommandUnknownOpts, helper: Help): string {
  const [usage = '', description = '', ...sections] = new Help().formatHelp(command, helper).trimEnd().split('\n\n');
  const isOptions = (section: string): boolean => /^\s+-/m.test(section);
  const sorted = [...sections.filter((section) => !isOptions(section)), ...sections.filter(isOptions)];
  const more = command.parent === null ? [] : ['Every command also takes the global options: vkeys --help'];
  return `${[usage, description, ...sorted, ...more].join('\n\n')}\n`;
}

/** Command lines below a command's help. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}

export const FOOTER = `
Start here:
  vkeys init                           a commented spec to begin with
  vkeys plan --sandbox                 what it would do, without a server
  vkeys create me --duration 8h

Exit codes: 0 done · 1 failed · 2 changes found (--exit-code) · 3 wrong input · 4 no credential or refused
            5 partly failed · 6 refused, nothing changed · 130 interrupted`;
