import { VkeysError } from '../../base/errors.ts';
import { listKeys } from '../../litellm/keys.ts';
import { endOf, parseDuration } from '../../base/duration.ts';
import type { Live } from '../../model/model.ts';
import { statusOf, type Status } from '../../model/status.ts';
import { listJson, listText } from '../../view/list.ts';
import { matcher } from '../glob.ts';
import type { Globals } from '../options.ts';
import { emit, formatAmong, lookOf } from '../output.ts';
import { withSessions } from '../../run/open.ts';
import type { World } from '../../run/world.ts';

export type ListOptions = Globals & {
  readonly set?: string;
  readonly alias?: string;
  readonly user?: string;
  readonly team?: string;
  readonly status?: Status;
  readonly expiring?: string;
  readonly sort: string;
  readonly columns?: readonly string[];
};

/** Lists live keys, all pages of them. Filters are applied here: the server's differ by version. */
export async function list(world: World, options: ListOptions): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml', 'csv']);
  assertDuration(options.expiring);
  return withSessions(world, options, async (sessions) => {
    const { connection } = await sessions.open(null);
    const { keys, now } = await listKeys(connection);
    const chosen = keys.filter(filterOf(options, now));
    const { sort, columns } = options;
    if (format === 'table')
      world.stdout.write(listText(chosen, { ...lookOf(world, world.stdout, options), now }, { sort, columns }));
    else if (format === 'csv')
      world.stdout.write((await import('../../encode/csv.ts')).csvText(listJson(chosen, now, { sort })));
    else await emit(world, format, listJson(chosen, now, { sort }));
    return 0;
  });
}

function filterOf(options: ListOptions, now: Date): (live: Live) => boolean {
  const matches = matcher(options.alias === undefined ? [] : [options.alias]);
  const latest = options.expiring === undefined ? null : endOf(options.expiring, now).toISOString();
  return (live) =>
    (options.set === undefined || live.mark?.set === options.set) &&
    matches(live.key_alias ?? '') &&
    (options.user === undefined || live.settings.user_id === options.user) &&
    (options.team === undefined || live.settings.team_id === options.team) &&
    (options.status === undefined || statusOf(live, now) === options.status) &&
    (latest === null || (live.expires !== null && live.expires > now.toISOString() && live.expires <= latest));
}

function assertDuration(text: string | undefined): void {
  if (text === undefined || parseDuration(text) !== null) return;
  throw new VkeysError('usage', `--expiring ${text} is no duration.`, 'Give it like 24h or 7d.');
}
