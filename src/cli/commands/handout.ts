import { basename, dirname, join, relative, resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { oneLine } from '../../encode/terminal.ts';
import { HANDOUT_FORMATS, PAGE, type HandoutFormat } from '../../handout/formats.ts';
import { LANGUAGES } from '../../handout/language.ts';
import type { Spec } from '../../model/spec.ts';
import { handOut, type HandedOut } from '../../run/handout.ts';
import { readOwnWords, type OwnWords } from '../../spec/own-words.ts';
import { SpecError } from '../../spec/spec-error.ts';
import { noticeJson } from '../../view/document.ts';
import { count } from '../../view/value.ts';
import type { Console } from '../console.ts';
import { EXITS } from '../exit-codes.ts';
import { contextOf } from '../listen.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { say, sayNotices } from '../say.ts';
import { fileFlags } from '../spec-options.ts';
import { filesOf, readSpecs } from '../specs.ts';

export const examples = [
  'vkeys handout -f vkeys.yaml --to handout',
  'vkeys handout -f vkeys.yaml --to handout --format page cards mail-merge --page-url https://example.com/page.html',
  'vkeys handout -f vkeys.yaml --to handout --format cards --show key --names --lang de',
];

export function flags(command: Command) {
  return fileFlags(command)
    .requiredOption('--to <dir>', 'the folder for the files; of one set')
    .addOption(
      new Option('--format <format...>', 'which files').choices(HANDOUT_FORMATS).default(['page'] as HandoutFormat[]),
    )
    .addOption(
      new Option('--lang <language>', 'the language of whoever gets them').choices(LANGUAGES).default('en' as const),
    )
    .option('--template <file>', 'your own words: YAML with title, intro, footer and logo (a path)')
    .option('--names', 'say whose each is; else only their numbers')
    .option('--try', 'let the page ask the gateway whether the key works')
    .option('--page-url <url>', 'where the page will be: for the links of cards and letters')
    .addOption(
      new Option(
        '--show <what>',
        'what cards and notes have: the code (the usual with a page) or the key itself',
      ).choices(['code', 'key']),
    )
    .addOption(new Option('--paper <size>', 'for cards').choices(['A4', 'letter']).default('A4' as const))
    .option('--pdf', 'print the cards as a PDF too, by the Chromium of this machine')
    .option(
      '--renew-codes [glob...]',
      'give everybody a new code, or those whose key has such a name; the old ones open no page that is written from now on',
    );
}

type Flags = OptionsOf<typeof flags>;

/** Writes hand-outs for people. Asks no server: the keys are the keyring's. 5 when somebody gets none. */
export async function action(console: Console, bare: readonly string[], options: Flags): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const read = await readSpecs(filesOf(bare, options, console), console, options);
  const spec = onlySet(read.specs);
  const own = options.template === undefined ? {} : await ownWords(options.template, console);
  const done = await handOut(contextOf(console, options), spec, {
    to: resolve(console.cwd, options.to),
    formats: [...new Set(options.format)],
    style: {
      language: options.lang,
      own,
      names: options.names === true,
      tries: options.try === true,
      show: options.show ?? null,
      paper: options.paper,
      pageUrl: options.pageUrl === undefined ? null : pageUrl(options.pageUrl),
      zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    renewCodes: options.renewCodes === true ? [] : (options.renewCodes ?? null),
    pdf: options.pdf === true,
  });
  const notices = [...read.notices, ...done.notices, ...done.lacking];
  if (format === 'table') printDone(console, options, done);
  else {
    const { attendees, files, written, withdrawn } = done;
    await emitContent(console, options, format, {
      started,
      changed: written.length + withdrawn.length > 0,
      notices: notices.map((notice) => noticeJson(notice, spec.set, 'notice')),
      more: { handout: { attendees, files, written, withdrawn } },
    });
  }
  await sayNotices(console, options, [...done.notices, ...done.lacking]);
  return done.lacking.length > 0 ? EXITS.partly.code : EXITS.done.code;
}

/** Seats are a set's. Throws `usage`. */
function onlySet([spec, ...others]: readonly Spec[]): Spec {
  if (spec !== undefined && others.length === 0) return spec;
  throw new VkeysError(
    'usage',
    spec === undefined
      ? 'There is no spec in these files, only rules.'
      : `These files have several sets: ${[spec, ...others].map(({ set }) => set).join(', ')}.`,
    'Hand out one set at a time, each to a folder of its own.',
  );
}

async function ownWords(file: string, { cwd }: Console): Promise<OwnWords> {
  const { words, diagnostics } = await readOwnWords(file, cwd);
  if (diagnostics.length === 0) return words;
  throw new SpecError(diagnostics, 'template', 'Mend what is marked, and run the same command again.');
}

function pageUrl(text: string): string {
  if (URL.canParse(text) && new URL(text).username + new URL(text).password !== '')
    throw new VkeysError(
      'usage',
      '--page-url has a user or a password in it, which every card would show.',
      'Leave them out: https://example.com/page.html',
    );
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new VkeysError('usage', `${oneLine(text)} is no address.`, 'Give one like https://example.com/page.html.');
}

function printDone(console: Console, options: Flags, done: HandedOut): void {
  const { attendees, files, written, withdrawn } = done;
  const shown = (file: string): string => oneLine(relative(console.cwd, file));
  console.stdout.write(
    grouped(files)
      .map((file) => `${shown(file)}\n`)
      .join(''),
  );
  const news =
    written.length === 0 ? 'nothing is new' : `${String(written.length)} of ${count(files.length, 'file')} written`;
  say(console, options, `For ${count(attendees, 'attendee')}: ${news}.`);
  if (withdrawn.length > 0) say(console, options, `Taken away: ${withdrawn.map(shown).join(', ')}`);
  if (files.some(isPage))
    say(console, options, `${PAGE} may be published or mailed to everybody: it opens for a code alone.`);
  if (files.some((file) => !isPage(file)))
    say(console, options, 'The other files are secret, and readable by you alone.');
}

/** Notes by their folder. */
function grouped(files: readonly string[]): readonly string[] {
  return [...new Set(files.map((file) => (/^\d+\./.test(basename(file)) ? join(dirname(file), '*') : file)))];
}

function isPage(file: string): boolean {
  return basename(file) === PAGE;
}
