/** What the program says of its commands and options, as a page. */
import type { EventEmitter } from 'node:events';
import type { CommandUnknownOpts, Help, Option } from '@commander-js/extra-typings';
import { heading, listing, table, text, type Block, type Page } from '../view/page.ts';
import { TOPICS } from '../view/topics.ts';

/** A command with all that it takes, for man and Markdown. Its flags have to be loaded. */
export function commandPage(command: CommandUnknownOpts): Page {
  const help = command.createHelp();
  const options = help.visibleOptions(command);
  const groups = [...new Set(options.map(groupOf))];
  const subcommands = help.visibleCommands(command);
  return {
    name: nameOf(command),
    about: command.description(),
    blocks: [
      heading('Synopsis'),
      listing('sh', help.commandUsage(command)),
      ...section('Arguments', argumentRows(help, command)),
      ...[...new Set(subcommands.map((each) => each.helpGroup() || 'Commands:'))].flatMap((group) =>
        section(group, commandRows(subcommands.filter((each) => (each.helpGroup() || 'Commands:') === group))),
      ),
      ...(command.parent === null ? section('Topics', topicRows()) : []),
      ...groups.flatMap((group) =>
        section(
          group,
          rowsOf(
            help,
            options.filter((each) => groupOf(each) === group),
          ),
        ),
      ),
      ...(command.parent === null ? [] : [heading('Global options'), text('Those of `vkeys`: see `vkeys --help`.')]),
      ...moreOf(command),
    ],
  };
}

/** The options of a group, with what they are for. */
export function optionRows(command: CommandUnknownOpts, group: string): readonly (readonly [string, string])[] {
  const help = command.createHelp();
  return rowsOf(
    help,
    help.visibleOptions(command).filter((option) => groupOf(option) === group),
  );
}

/** The commands below a command of the program. */
export function subcommandRows(program: CommandUnknownOpts, name: string): readonly (readonly [string, string])[] {
  const command = program.commands.find((each) => each.name() === name);
  return command === undefined ? [] : commandRows(command.createHelp().visibleCommands(command));
}

function nameOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function groupOf(option: Option): string {
  return option.helpGroupHeading ?? 'Options:';
}

function rowsOf(help: Help, options: readonly Option[]): readonly (readonly [string, string])[] {
  return options.map((option) => [help.optionTerm(option), help.optionDescription(option)]);
}

function commandRows(commands: readonly CommandUnknownOpts[]): readonly (readonly [string, string])[] {
  return commands.map((command) => [nameOf(command), command.description()]);
}

function argumentRows(help: Help, command: CommandUnknownOpts): readonly (readonly [string, string])[] {
  return help.visibleArguments(command).map((each) => [help.argumentTerm(each), help.argumentDescription(each)]);
}

function topicRows(): readonly (readonly [string, string])[] {
  return Object.entries(TOPICS).map(([name, about]) => [`vkeys help ${name}`, about]);
}

function section(title: string, rows: readonly (readonly [string, string])[]): readonly Block[] {
  return rows.length === 0
    ? []
    : [heading(title.replace(/:$/, '')), table([title.toLowerCase().replace(/s?:?$/, ''), 'about'], rows)];
}

/** What stands below the help: examples, and where to look. */
function moreOf(command: CommandUnknownOpts): readonly Block[] {
  const parts: string[] = [];
  // oxlint-disable-next-line no-unsafe-type-assertion -- a Command is one, its types do not say so
  const emitter = command as unknown as EventEmitter;
  emitter.emit('afterHelp', { error: false, command, write: (part: string) => void parts.push(part) });
  const more = parts.join('').trim();
  const lines = more.replace(/^Examples:\n/, '').replaceAll(/^ {2}/gm, '');
  return more === '' ? [] : [heading('Examples'), listing('sh', lines)];
}
