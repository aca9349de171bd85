/** For the day when a lock stays that nobody holds: see `secrets/lock.ts` for when that does not need this. */
import type { Command } from '@commander-js/extra-typings';
import { findAddress } from '../../run/server-address.ts';
import { journalPath, keyringChoice, lockPath, portsOf } from '../../run/keyrings.ts';
import { openingOf } from '../../run/open.ts';
import type { Console } from '../console.ts';
import { contextOf } from '../listen.ts';
import { breakLock, readLock } from '../../secrets/lock.ts';
import { oneLine } from '../../encode/terminal.ts';
import { emitContent, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { confirm } from '../prompt.ts';
import { say } from '../say.ts';

export const examples = ['vkeys unlock lab', 'vkeys unlock lab --yes'];

export function flags(command: Command) {
  return command.argument('<set>').option('-y, --yes', 'do not ask');
}

/** Takes the lock of a set away, after it has said who holds it. */
export async function action(console: Console, set: string, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const tell = async (changed: boolean, text: string): Promise<number> => {
    if (format !== 'table') await emitContent(console, options, format, { started, changed });
    say(console, options, text);
    return 0;
  };
  const { url } = await findAddress(contextOf(console, options), null);
  const choice = keyringChoice(console, options);
  const journal = journalPath(choice, { server: url, set });
  const path = lockPath(choice, journal);
  const ports = await portsOf(console, choice, journal, set, openingOf(contextOf(console, options), console));
  const lock = await readLock(path, ports);
  if (lock === null) {
    return tell(false, `Nobody works on ${oneLine(set)} at ${url}.`);
  }
  const fate = lock.gone
    ? 'It is gone.'
    : 'If it is still at work, it stops before it writes again, and loses nothing; the next run goes on from there.';
  await confirm(console, options.yes === true, `${oneLine(lock.name)} has the lock of ${oneLine(set)}. ${fate}`);
  await breakLock(path);
  return tell(true, `Took the lock of ${oneLine(set)} away.`);
}
