import type { Command } from '@commander-js/extra-typings';
import { jsonText } from '../../encode/json.ts';
import { takeSnapshot } from '../../run/snapshot.ts';
import { choiceFlags, choiceIn, filterIn, isFiltered } from '../choice.ts';
import type { Console } from '../console.ts';
import { gapNotice } from '../gaps.ts';
import { contextOf } from '../listen.ts';
import type { OptionsOf } from '../options.ts';
import { assertNoFormat } from '../output.ts';
import { sayNotices } from '../say.ts';
import { writeResult } from '../write-file.ts';

export const examples = ['vkeys snapshot --set lab --out before.json', 'vkeys snapshot lab-user1'];

export function flags(command: Command) {
  return choiceFlags(command).option('--out <file>', 'where to, readable for you alone; - prints it', '-');
}

/** Writes down what keys have spent, all of a server's where none is named: ids, names and figures, no secret. */
export async function action(
  console: Console,
  words: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  assertNoFormat(options);
  const isNamed = words.length > 0 || options.file !== undefined || isFiltered(filterIn(options));
  const choice = isNamed ? await choiceIn(console, options, words) : { selectors: [], filter: {}, specs: [] };
  const { snapshot, gaps } = await takeSnapshot(contextOf(console, options), choice);
  await writeResult(console, options, { file: options.out, flag: '--out', text: jsonText(snapshot) });
  await sayNotices(console, options, gaps.map(gapNotice));
  return 0;
}
