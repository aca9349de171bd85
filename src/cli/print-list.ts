/** A list of live things on stdout, in each format that lists have. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { jsonListChunks } from '../encode/json.ts';
import type { Notice } from '../model/plan.ts';
import type { Live } from '../model/resource.ts';
import { noticeJson } from '../view/document.ts';
import { startRows, startText, type ListView, type ListOptions } from '../view/list.ts';
import type { Console } from './console.ts';
import { lookOf } from './look.ts';
import { list as words } from './option-values.ts';
import type { Globals } from './options.ts';
import { formatAmong, rowChunks, writeChunks } from './output.ts';
import { sayNotices } from './say.ts';

/** The flags that decide what of a list is shown, and in which order. */
export function shapeFlags<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  { sort, usual }: ListView,
) {
  return command
    .option('--sort <field>', 'sorted by a column; -field for the other way round', sort)
    .option('--columns <names>', `only these columns, in every format, e.g. ${usual.slice(0, 3).join(',')}`, words);
}

const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;

/** Prints what `fill` adds, and what it answers with on stderr. */
export async function printList(
  console: Console,
  options: Globals & ListOptions,
  view: ListView,
  fill: (add: (lives: readonly Live[], now: Date) => void) => Promise<readonly Notice[]>,
): Promise<number> {
  const format = formatAmong(console, options, [
    ...FORMATS,
    ...(view.kind === 'key' ? (['virtualkey-status'] as const) : []),
  ]);
  const started = console.now();
  const list =
    format === 'table' ? startText(view, lookOf(console, console.stdout, options), options) : startRows(view, options);
  const notices = await fill(list.add);
  const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
  await writeChunks(
    console,
    'chunks' in list
      ? list.chunks()
      : format === 'virtualkey-status'
        ? jsonListChunks(list.rows())
        : await rowChunks(console, format, `${view.kind}s`, list, { started, notices: said }),
  );
  await sayNotices(console, options, notices);
  return 0;
}
