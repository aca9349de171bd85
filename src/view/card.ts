import { FIELDS } from '../kinds/key.ts';
import type { Live } from '../model/resource.ts';
import { statusOf } from '../model/status.ts';
import type { Secret } from '../base/secret.ts';
import { cardLines, fieldLines, sharingLines, metadataLines, momentLine, type CardField } from './card-lines.ts';
import { paint, type Look } from './look.ts';
import { oneLine } from '../encode/terminal.ts';
import { momentText } from './time.ts';
import { dollars, spendText, valueText } from './value.ts';

export type CardOptions = {
  readonly secret: Secret | null;
  /** In full instead of masked. */
  readonly showKey: boolean;
  readonly api_base_url: string;
};

/** One key on a terminal: its secret and where to use it first, then every field that is set. */
export function cardText(live: Live, look: Look, { secret, showKey, api_base_url }: CardOptions): string {
  const { bold } = paint(look);
  const { now } = look;
  const masked = secret === null ? oneLine(live.key_name ?? 'unknown') : secret.masked();
  const key = showKey && secret !== null ? bold(secret.reveal()) : masked;
  const max_budget = live.settings['max_budget'] ?? null;
  const fields: readonly CardField[] = [
    ['key', key],
    ['base URL', oneLine(api_base_url)],
    ['status', statusOf(live, now).replace('_', ' ')],
    ['expires', oneLine(momentText(live.expires, now))],
    ['models', valueText('models', live.settings['models'] ?? null, now)],
    ['spend', `${spendText({ spend: live.spend, max_budget })} US dollars`],
    ...fieldLines(FIELDS, live, ['models', 'max_budget'], now),
    ...sharingLines(live),
    ...metadataLines(live, now),
    ...momentLine('budget reset', live.budget_reset_at, now),
    ...usageTexts(live, now),
    ...momentLine('created', live.created_at, now),
    ['set', oneLine(live.mark?.set ?? 'none (not made by vkeys)')],
    ['key_id', live.id],
  ];
  return cardLines(live.name ?? live.id, fields, look);
}

/** What newer servers know of its use. */
function usageTexts({ extra: { total_spend, last_active } }: Live, now: Date): readonly CardField[] {
  return [
    ...(typeof total_spend === 'number' ? [['total spend', `${dollars(total_spend)} US dollars`] as const] : []),
    ...momentLine('last active', typeof last_active === 'string' ? last_active : null, now),
  ];
}
