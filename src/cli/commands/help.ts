import { Argument, type Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { VERSION } from '../../base/release.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Page } from '../../view/page.ts';
import { TOPICS } from '../../view/topics.ts';
import { commandPage } from '../command-page.ts';
import type { Console } from '../console.ts';
import { lookOf } from '../look.ts';
import { emitContent } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { makeProgram } from '../program.ts';
import { isTopic, topicPage } from '../topics.ts';

export const examples = ['vkeys help spec', 'vkeys help fields --markdown > fields.md'];

export function flags(command: Command) {
  const words = new Argument('[words...]', 'a topic or a command');
  /* Not `choices`: what is none of them gets a guess. */
  words.argChoices = [...new Set([...Object.keys(TOPICS), ...namesBelow(command.parent ?? command)])];
  return command
    .addArgument(words)
    .option('--markdown', 'as Markdown')
    .option('--man', 'as a page for man: vkeys help --man create | man -l -');
}

/** Explains a topic, or a command. Where one word means both, the topic: it names the commands. */
export async function action(
  console: Console,
  words: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  const started = console.now();
  const parts: string[] = [];
  const { program, load } = makeProgram({ code: 0, console }, (text) => void parts.push(text));
  await load(words);
  const [topic = ''] = words;
  const isAboutTopic = words.length === 1 && isTopic(topic);
  const command = isAboutTopic ? null : commandNamed(program, words);
  if (command !== null && options.man !== true && !isMarkdown(options)) {
    command.outputHelp();
  } else {
    const page = command === null && isTopic(topic) ? await topicPage(topic, program) : commandPage(command ?? program);
    parts.push(await printed(page, console, { ...options, isAboutTopic }));
  }
  const help = parts.join('');
  const { output } = options;
  if (output === 'json' || output === 'yaml') await emitContent(console, options, output, { started, more: { help } });
  else console.stdout.write(help);
  return 0;
}

async function printed(
  page: Page,
  console: Console,
  options: OptionsOf<typeof flags> & { readonly isAboutTopic: boolean },
): Promise<string> {
  if (options.man === true) {
    const { pageRoff } = await import('../../view/page-roff.ts');
    return pageRoff(page, { section: options.isAboutTopic ? 7 : 1, date: console.now(), version: VERSION });
  }
  if (isMarkdown(options)) {
    const { pageMarkdown } = await import('../../view/page-markdown.ts');
    return pageMarkdown(page);
  }
  const { pageText } = await import('../../view/page-text.ts');
  return pageText(page, lookOf(console, console.stdout, options));
}

function isMarkdown({ markdown, output }: OptionsOf<typeof flags>): boolean {
  return markdown === true || output === 'markdown';
}

function namesBelow(command: CommandUnknownOpts): readonly string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name());
}

/** Throws `usage` for what is neither a command nor a topic. */
function commandNamed(program: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next === undefined) throw unknown(word, command);
    command = next;
  }
  return command;
}

function unknown(word: string, command: CommandUnknownOpts): VkeysError {
  const names = namesBelow(command);
  const topics = command.parent === null ? Object.keys(TOPICS) : [];
  const hint =
    command.parent === null
      ? `Topics: ${topics.join(', ')}. Commands: vkeys --help`
      : `vkeys ${command.name()} has ${names.length === 0 ? 'no commands below it' : names.join(', ')}.`;
  return new VkeysError('usage', `There is no help on ${word}.${didYouMean(word, [...topics, ...names])}`, hint);
}
