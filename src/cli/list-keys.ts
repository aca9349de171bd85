/** Live keys as a list: all of a server's, a team's or a user's. */
import { endOf, parseDuration } from '../base/duration.ts';
import { VkeysError } from '../base/errors.ts';
import type { Command } from '@commander-js/extra-typings';
import type { Notice } from '../model/plan.ts';
import { USAGE, type Live } from '../model/resource.ts';
import { passes, type KeyFilter } from '../model/selector.ts';
import type { Spec } from '../model/spec.ts';
import { listedKeys } from '../run/listed-keys.ts';
import { openChoice } from '../run/choice.ts';
import { withSessions, type Session } from '../run/open.ts';
import { secretRefs } from '../run/placed.ts';
import { unmatchedNotices } from '../run/unmatched.ts';
import { KEYS, keysOf } from '../view/row.ts';
import { STATUS_NAMES, statusList } from '../view/virtualkey-status.ts';
import { filterIn } from './choice.ts';
import type { Console } from './console.ts';
import { gapNotice } from './gaps.ts';
import { contextOf } from './listen.ts';
import type { OptionsOf } from './options.ts';
import { formatOf } from './output.ts';
import { printList, shapeFlags } from './print-list.ts';
import { ownFlags, selectorsIn } from './selectors.ts';

/** The flags of a list of keys, whosever they are. */
export function keyListFlags(command: Command) {
  return shapeFlags(ownFlags(command).option('--expiring <duration>', 'that end within, e.g. 24h'), KEYS);
}

type Options = OptionsOf<typeof keyListFlags> & Pick<KeyFilter, 'user' | 'team' | 'accessibleTo'>;

/** Which keys: those that words or specs name, or those of a user or a team, who may have to be looked up. */
type Which = {
  readonly words?: readonly string[] | undefined;
  readonly specs?: readonly Spec[];
  readonly ownerIn?: (session: Session) => Promise<{ readonly user_id: string } | { readonly team_id: string }>;
};

/** Lists live keys, all pages of them. Filters are applied here: the server's differ by version. */
export async function listKeys(
  console: Console,
  options: Options,
  { words, specs = [], ownerIn }: Which,
): Promise<number> {
  const isStatus = formatOf(console, options) === 'virtualkey-status';
  const keys = options.accessibleTo === undefined ? KEYS : keysOf(options.accessibleTo);
  const view = isStatus ? statusList(await secretRefs(console, options)) : keys;
  const columns = options.columns ?? (isStatus ? STATUS_NAMES : undefined);
  return printList(console, { ...options, columns }, view, async (add) => {
    assertDuration(options.expiring);
    const selectors = words === undefined ? [] : await selectorsIn(console, options, words);
    const isNamed = words !== undefined || specs.length > 0;
    const context = contextOf(console, options);
    return withSessions(context, async (sessions) => {
      const { session, named: chosen } = await openChoice(context, sessions, { selectors, filter: {}, specs });
      const filter = (await ownerIn?.(session)) ?? {};
      const asked = { selectors: isNamed ? chosen.selectors : null, look: { columns: USAGE }, filter };
      const isTheirs = (live: Live): boolean =>
        Object.entries(filter).every(([field, id]) => live.settings[field] === id);
      const notices: Notice[] = [];
      let [seen, matched] = [0, 0];
      const sets = new Set<string>();
      for await (const { lives, total, gaps, isShort } of listedKeys(session, context, asked)) {
        const now = session.connection.clock.server();
        const theirs = lives.filter(isTheirs);
        const passing = theirs.filter(filterOf(options, now));
        add(passing, now);
        seen += theirs.length;
        matched += passing.length;
        if (options.set !== undefined) for (const { mark } of theirs) if (mark !== null) sets.add(mark.set);
        context.hear({ is: 'progress', done: seen, total: Math.max(total, seen + 1) });
        notices.push(...gaps.map(gapNotice));
        if (isShort) notices.push(gapNotice('The list stayed incomplete: the server has more keys than it showed.'));
      }
      context.hear({ is: 'progress', done: seen, total: seen });
      const { expiring, accessibleTo } = options;
      const named = selectors.map(({ label }) => `--key ${label}`);
      const looked = {
        kind: 'key',
        named,
        filter: { ...filterIn(options), expiring, accessibleTo },
        seen,
        sets: [...sets],
      };
      return matched === 0 ? [...notices, ...unmatchedNotices(looked)] : notices;
    });
  });
}

function filterOf(options: Options, now: Date): (live: Live) => boolean {
  const latest = options.expiring === undefined ? null : endOf(options.expiring, now).toISOString();
  return (live) =>
    passes(options, live, now) &&
    (latest === null || (live.expires !== null && live.expires > now.toISOString() && live.expires <= latest));
}

function assertDuration(text: string | undefined): void {
  if (text === undefined || parseDuration(text) !== null) return;
  throw new VkeysError('usage', `--expiring ${text} is no duration.`, 'Give it like 24h or 7d.');
}
