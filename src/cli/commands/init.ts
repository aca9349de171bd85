import { basename, dirname, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../console.ts';
import { emitContent, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { say } from '../say.ts';
import { newSet } from '../../spec/set-name.ts';
import { starterOf } from '../../spec/starter.ts';
import { writeNew } from '../write-new.ts';

export const examples = ['vkeys init', 'vkeys init workshop.yaml', 'vkeys init - > workshop.yaml'];

export function flags(command: Command) {
  return command.argument('[file]', 'where to, - for standard output', 'vkeys.yaml');
}

/** Writes the starter spec; never over a file that is there. */
export async function action(console: Console, file: string, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const isWritten = file !== '-';
  const folder = isWritten ? dirname(resolve(console.cwd, file)) : console.cwd;
  const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
  const spec = starterOf(newSet(basename(folder), console.randomBytes), { now: started, zone });
  if (isWritten) await writeNew(console, file, spec, 'vkeys init my-keys.yaml');
  if (format !== 'table')
    await emitContent(console, options, format, {
      started,
      changed: isWritten,
      more: { file: isWritten ? file : null, spec },
    });
  else if (!isWritten) console.stdout.write(spec);
  if (isWritten)
    say(console, options, `Wrote ${file}. See what it would do, without a server: vkeys plan ${file} --sandbox`);
  return 0;
}
