import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { Notice } from '../../model/plan.ts';
import { RULED_KINDS } from '../../model/rules.ts';
import { checkLives, type Checked } from '../../run/check.ts';
import { startBreaches } from '../../view/breaches.ts';
import { noticeJson } from '../../view/document.ts';
import { count } from '../../view/value.ts';
import { filterIn, isFiltered } from '../choice.ts';
import type { Console } from '../console.ts';
import { EXITS } from '../exit-codes.ts';
import { exitCodeFor } from '../exit.ts';
import { gapNotice, incomplete } from '../gaps.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { collect } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';
import { formatAmong, rowChunks, writeChunks } from '../output.ts';
import { say, sayError, sayNotices } from '../say.ts';
import { filterFlags, KEY, selectorsIn } from '../selectors.ts';
import { DEEP, FILES } from '../spec-options.ts';
import { generalRules, readSpecs, usualFiles } from '../specs.ts';

export const examples = ['vkeys check -f vkeys.yaml', 'vkeys check --all -o csv > breaches.csv'];

export function flags(command: Command) {
  return filterFlags(command)
    .option('--key <key>', `${KEY}; "lab-*" for several (repeatable)`, collect)
    .option('--all', 'all of the server, and not only what is of the specs')
    .option(...FILES)
    .option(...DEEP);
}

type Options = OptionsOf<typeof flags>;

/** Holds live keys, teams and users against the rules of the specs and those for all. 5 where one is broken. */
export async function action(console: Console, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv']);
  const started = console.now();
  const laws = await readSpecs(usualFiles(options, console), console, options, generalRules(console));
  const { set, key, all } = options;
  const filter = filterIn(options);
  const isNamed = [set, key, all].some((each) => each !== undefined);
  const isOfKeys = [key, filter.status, filter.olderThan].some((each) => each !== undefined);
  const ruled = new Set(laws.rules.map(({ kind }) => kind));
  const kinds = RULED_KINDS.filter((kind) => ruled.has(kind) && (kind === 'key' || !isOfKeys));
  if (kinds.length === 0) throw noRules(ruled.size === 0 ? '' : ' for keys');
  if (laws.specs.length === 0 && !isNamed && !isFiltered(filter)) throw nothingNamed();
  const selectors = key === undefined ? null : await selectorsIn(console, options, key);
  const choice = { kinds, selectors, filter, isOurs: laws.specs.length > 0 && !isNamed };
  const list = startBreaches(kinds);
  const checked = await checkLives(contextOf(console, options), laws, choice, list.add);
  const gaps = checked.flatMap((each) => each.gaps);
  const notices = [...gaps.map(gapNotice), ...checked.flatMap(noticesOf)];
  const error = gaps.length === 0 ? null : incomplete();
  const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
  const more = { checked: checked.reduce((sum, { all: seen }) => sum + seen, 0), breaches: [] };
  await writeChunks(
    console,
    format === 'table'
      ? list.chunks(lookOf(console, console.stdout, options))
      : await rowChunks(console, format, 'breaches', list, { started, notices: said, error, more }),
  );
  await sayNotices(console, options, notices);
  for (const each of checked) say(console, options, summaryText(each));
  if (error !== null) await sayError(console, options, error);
  return checked.some(({ broken }) => broken > 0) ? EXITS.broken.code : error === null ? 0 : exitCodeFor(error);
}

function summaryText({ kind, all, broken }: Checked): string {
  if (broken === 0) return all === 1 ? `The ${kind} keeps to the rules.` : `${count(all, kind)} keep to the rules.`;
  return `${String(broken)} of ${count(all, kind)} ${broken === 1 ? 'breaks' : 'break'} rules.`;
}

function noticesOf({ kind, all, unruled, untold }: Checked): readonly Notice[] {
  const unseen = untold.map((field): Notice => {
    const message = `This server does not tell ${field} of every ${kind}, so its rule was not held against those.`;
    return { code: 'unsupported', ref: null, message, hint: null };
  });
  if (unruled === 0) return unseen;
  const message = `No rules hold for ${String(unruled)} of the ${count(all, kind)}: those of a spec are for its own set.`;
  return [
    ...unseen,
    { code: 'spec', ref: null, message, hint: `For all ${kind}s: a file of rules, and VKEYS_RULES=FILE` },
  ];
}

function noRules(of: string): VkeysError {
  return new VkeysError(
    'usage',
    `There are no rules${of}.`,
    'Write rules: into the spec, or name a file that has them: VKEYS_RULES=FILE. More: vkeys help rules',
  );
}

function nothingNamed(): VkeysError {
  return new VkeysError(
    'usage',
    'Nothing was named.',
    'Give the spec whose keys, teams and users are meant: -f FILE. Or --set NAME, --key ALIAS, --all',
  );
}
