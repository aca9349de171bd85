import type { Command } from '@commander-js/extra-typings';
import { deliverKept, lookAtPlaces } from '../../run/deliver-kept.ts';
import type { Console } from '../console.ts';
import { EXITS } from '../exit-codes.ts';
import { exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { collect } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { printRun } from '../report.ts';
import { DELIVER, fileFlags, specOptions } from '../spec-options.ts';
import { filesOf, readSpecs, withUnmatched } from '../specs.ts';

export const examples = ['vkeys deliver -f vkeys.yaml', 'vkeys deliver -f lab/vkeys.yaml --check'];

export function flags(command: Command) {
  return fileFlags(command)
    .option('--check', 'tell what each place holds, and put nothing there; exit 2 where a key is not as it should be')
    .option(...DELIVER, collect)
    .option('--only <glob>', 'only keys that match, e.g. "lab-*" (repeatable)', collect);
}

type Options = OptionsOf<typeof flags>;

/** Puts the keys of the keyring where the spec wants them, without asking the server. */
export async function action(console: Console, bare: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const read = await readSpecs(filesOf(bare, options, console), console, options);
  const { specs, notices } = await withUnmatched(read, console, options);
  const context = contextOf(console, { ...options, ...specOptions(options) });
  if (options.check === true) return check(console, options, { format, context, specs });
  const ran = await deliverKept(context, specs);
  await printRun(console, options, ran, { format, ansible: [], notices });
  return exitCodeOf(console, ran);
}

type Asked = {
  readonly format: 'table' | 'json' | 'yaml';
  readonly context: Parameters<typeof lookAtPlaces>[0];
  readonly specs: Parameters<typeof lookAtPlaces>[1];
};

async function check(console: Console, options: Options, { format, context, specs }: Asked): Promise<number> {
  const started = console.now();
  const looked = await lookAtPlaces(context, specs);
  const { isCurrent, lookedJson, lookedText } = await import('../../view/places.ts');
  if (format === 'table') console.stdout.write(lookedText(looked, lookOf(console, console.stdout, options)));
  else await emitContent(console, options, format, { started, keys: looked.map(lookedJson) });
  return looked.every(isCurrent) ? 0 : EXITS.changes.code;
}
