import { FIELDS } from '../kinds/key.ts';
import { settingsEntries } from '../model/fields.ts';
import { shownMetadata } from '../model/memo.ts';
import type { Live } from '../model/resource.ts';
import { shownSettings } from '../model/shown.ts';
import { statusOf } from '../model/status.ts';
import type { Secret } from '../base/secret.ts';
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
  const { bold, dim } = paint(look);
  const { now } = look;
  const masked = secret === null ? oneLine(live.key_name ?? 'unknown') : secret.masked();
  const key = showKey && secret !== null ? bold(secret.reveal()) : masked;
  const max_budget = live.settings['max_budget'] ?? null;
  const fields: readonly (readonly [string, string])[] = [
    ['key', key],
    ['base URL', oneLine(api_base_url)],
    ['status', statusOf(live, now).replace('_', ' ')],
    ['expires', oneLine(momentText(live.expires, now))],
    ['models', valueText('models', live.settings['models'] ?? null, now)],
    ['spend', `${spendText({ spend: live.spend, max_budget })} US dollars`],
    ...settingsEntries(FIELDS, shownSettings(live.settings))
      .filter(([name]) => name !== 'models' && name !== 'max_budget')
      .map(([name, value]): readonly [string, string] => [name, valueText(name, value, now)]),
    ...Object.entries(shownMetadata(live.metadata))
      .filter(([name]) => name !== 'vkeys')
      .map(([name, value]): readonly [string, string] => [
        `metadata.${oneLine(name)}`,
        valueText('metadata', value, now),
      ]),
    ...(live.budget_reset_at === null
      ? []
      : [['budget reset', oneLine(momentText(live.budget_reset_at, now))] as const]),
    ...usageTexts(live, now),
    ...(live.created_at === null ? [] : [['created', oneLine(momentText(live.created_at, now))] as const]),
    ['set', oneLine(live.mark?.set ?? 'none (not made by vkeys)')],
    ['key_id', live.id],
  ];
  const width = Math.max(...fields.map(([name]) => name.length));
  const body = fields.map(([name, text]) => `  ${dim(name.padEnd(width))}  ${text}\n`).join('');
  return `${bold(oneLine(live.name ?? live.id))}\n\n${body}`;
}

/** What newer servers know of its use. */
function usageTexts({ extra: { total_spend, last_active } }: Live, now: Date): readonly (readonly [string, string])[] {
  return [
    ...(typeof total_spend === 'number' ? [['total spend', `${dollars(total_spend)} US dollars`] as const] : []),
    ...(typeof last_active === 'string' ? [['last active', oneLine(momentText(last_active, now))] as const] : []),
  ];
}
