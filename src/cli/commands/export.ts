/** Live keys, and whom they name, as a spec that asks for just them. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { nameText } from '../../model/ref.ts';
import { SET_NAME } from '../../model/resource.ts';
import type { Choice } from '../../run/choice.ts';
import { exportChosen, type Exported } from '../../run/export.ts';
import { specText } from '../../spec/write/text.ts';
import { choiceIn, filterIn, isFiltered } from '../choice.ts';
import type { Console } from '../console.ts';
import { contextOf } from '../listen.ts';
import { emitContent, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { say, sayNotices } from '../say.ts';
import { filterFlags, KEY } from '../selectors.ts';
import { writeNew } from '../write-new.ts';

export const examples = [
  'vkeys export --all --fold > keys.yaml',
  "vkeys export 'lab-*' --out lab.yaml",
  'vkeys export --user ada@example.com --as ada',
];

export function flags(command: Command) {
  return filterFlags(command)
    .argument('[key...]', `${KEY}; "lab-*" for several`)
    .option('--all', 'all keys, teams, users and budgets of the server')
    .option('--fold', 'say it in fewer words: defaults, and rosters for numbered names')
    .option('--as <set>', 'the set for what no set of vkeys has yet', 'exported')
    .option('--out <file>', 'write a new file, instead of to standard output');
}

type Options = OptionsOf<typeof flags>;

export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const { all, fold, as: set, out } = options;
  if (!SET_NAME.test(set))
    throw new VkeysError('usage', 'That is no name of a set.', 'It has letters, digits, dots and dashes: --as lab');
  const started = console.now();
  const exported = await exportChosen(contextOf(console, options), await chosen(console, words, options), {
    all: all === true,
    fold: fold === true,
    set,
  });
  const { documents, left } = exported;
  const spec = specText(documents, remarksOn(exported));
  if (out !== undefined) await writeNew(console, out, spec, 'vkeys export --out keys.yaml');
  if (format !== 'table') {
    const { noticeJson } = await import('../../view/document.ts');
    const notices = left.map((notice) => noticeJson(notice, null, 'notice'));
    const more = { file: out ?? null, spec };
    await emitContent(console, options, format, { started, changed: out !== undefined, notices, more });
  } else if (out === undefined) console.stdout.write(spec);
  await sayNotices(console, options, left);
  if (out !== undefined) say(console, options, `Wrote ${out}. To own what it names: vkeys adopt -f ${out}`);
  return 0;
}

/** Throws `usage` where nothing is named, or all and some. */
async function chosen(console: Console, words: readonly string[], options: Options): Promise<Choice> {
  if (options.all !== true) return choiceIn(console, options, words);
  if (words.length === 0 && !isFiltered(filterIn(options))) return { selectors: [], filter: {}, specs: [] };
  throw new VkeysError('usage', 'Either name keys or give --all, not both.', 'For everything: vkeys export --all');
}

function remarksOn({ url, left }: Exported): readonly string[] {
  return [
    `What ${url} has, exported by vkeys. Where it is no set's yet: vkeys adopt -f FILE`,
    ...left.map(({ ref, message }) => `Left out: ${ref === null ? '' : `${nameText(ref)}: `}${message}`),
  ];
}
