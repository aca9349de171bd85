import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import { factsOf } from '../model/kind.ts';
import type { Live } from '../model/resource.ts';
import { statusOf } from '../model/status.ts';
import { cardLines, fieldLines, metadataLines, momentLine, type CardField } from './card-lines.ts';
import { startText } from './list.ts';
import { MEMBERSHIPS, THING_VIEWS } from './live-thing.ts';
import type { Look } from './look.ts';
import { spendText, valueText } from './value.ts';

/** One team, user or budget on a terminal: every field that is set, and a team's members or a user's memberships below. */
export function thingCardText(live: Live, members: readonly Live[] | null, look: Look): string {
  const facts = factsOf(KINDS, live.kind);
  const { now } = look;
  const { max_budget = null, models = null } = live.settings;
  /* What has metadata is somebody's, and spends. */
  const isOwned = facts.marks === 'metadata';
  const { keys_count = null, key_count = keys_count } = live.extra;
  const fields: readonly CardField[] = [
    ...(facts.identity === null ? [] : [[facts.identity, oneLine(live.id)] as const]),
    ...(isOwned
      ? ([
          ['status', statusOf(live, now).replace('_', ' ')],
          ['models', valueText('models', models, now)],
          ['spend', `${spendText({ spend: live.spend, max_budget })} US dollars`],
          ['keys', valueText('keys', key_count, now)],
        ] as const)
      : []),
    ...fieldLines(facts.fields, live, isOwned ? ['models', 'max_budget'] : [], now),
    ...metadataLines(live, now),
    ...momentLine('budget reset', live.budget_reset_at, now),
    ...momentLine('created', live.created_at, now),
    ...(isOwned ? [['set', oneLine(live.mark?.set ?? 'none (not made by vkeys)')] as const] : []),
  ];
  const card = cardLines(live.name ?? live.id, fields, look);
  if (members === null) return card;
  const isTeam = live.kind === 'team';
  const more = isTeam ? 'See them with vkeys team members --columns.' : 'See them with -o json.';
  const list = startText(isTeam ? THING_VIEWS.member : MEMBERSHIPS, look, { more });
  list.add(members, now);
  return [card, '\n', ...list.chunks()].join('');
}
