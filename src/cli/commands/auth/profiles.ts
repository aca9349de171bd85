import type { Command } from '@commander-js/extra-typings';
import { profilesPath, readProfiles, useProfile } from '../../../auth/profiles.ts';
import type { Console } from '../../console.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { OptionsOf } from '../../options.ts';
import { profileRows } from '../../profile-rows.ts';
import { say } from '../../say.ts';

export const examples = ['vkeys auth profiles', 'vkeys auth profiles --use work'];

export function flags(command: Command) {
  return command.option('--use <name>', 'use this one from now on');
}

/** Lists the saved connections, or chooses the current one. */
export async function action(console: Console, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const path = profilesPath(console.folders.config);
  if (options.use !== undefined) await useProfile(path, options.use);
  const rows = profileRows(await readProfiles(path));
  if (format !== 'table') {
    const changed = options.use !== undefined;
    await emitContent(console, options, format, { started, changed, more: { profiles: rows } });
  } else if (rows.length === 0)
    say(console, options, 'There are no profiles. Save one: vkeys auth login --url https://litellm.example.com');
  else
    console.stdout.write(
      rows
        .map((row) => `${row.current ? '*' : ' '} ${row.name}\t${row.url}\t${row.credential ?? 'no credential'}\n`)
        .join(''),
    );
  return 0;
}
