/** What keys have spent at this moment, by themselves and by what was counted of their calls. */
import { addDays, dayOf } from '../base/day.ts';
import type { Detail } from '../litellm/survey.ts';
import { NO_FIGURES, type KeyFigures, type Snapshot } from '../model/snapshot.ts';
import { byRef } from '../model/ref.ts';
import { USAGE, type Live } from '../model/resource.ts';
import { openChoice, type Choice } from './choice.ts';
import type { KeyringFlags } from './keyrings.ts';
import { withSessions, type Context, type Session } from './open.ts';
import type { ConnectOptions } from './options.ts';
import { findChosen, NoSuchKey } from './select.ts';
import { findUse } from './usage.ts';

type Asking = Context<ConnectOptions & KeyringFlags>;

/** Servers are asked for no more days than these. */
const MOST_DAYS = 366;

/** What of a key is looked at for its figures. */
export const FIGURES_LOOK: Partial<Detail> = { columns: USAGE };

/** `gaps`: what could not be told, in words. */
export type Taken = { readonly snapshot: Snapshot; readonly gaps: readonly string[] };

/** Of the keys that are meant. Throws `NoSuchKey` for a word that names none. */
export async function takeSnapshot(context: Asking, choice: Choice): Promise<Taken> {
  return withSessions(context, async (sessions) => {
    const { session, named } = await openChoice(context, sessions, choice);
    const selection = await findChosen({ session, hear: context.hear, look: FIGURES_LOOK }, named);
    if (selection.missing.some(({ is }) => is !== 'spec' && is !== 'hash')) throw new NoSuchKey(selection);
    const { snapshot, gaps } = await figuresOf(context, session, selection.keys);
    return { snapshot, gaps: [...selection.gaps, ...gaps] };
  });
}

/** Of keys that were looked at with `FIGURES_LOOK`. */
export async function figuresOf(context: Asking, session: Session, lives: readonly Live[]): Promise<Taken> {
  const { connection, url } = session;
  const at = connection.clock.server();
  const today = dayOf(at);
  const since = firstDay(lives, today);
  const ids = new Set(lives.map(({ id }) => id));
  const choice = { by: ['key'] as const, days: () => ({ since, until: today }), selectors: [], ids };
  const { report, gaps } = await findUse(context, session, choice);
  const used = new Map(report.lines.map(({ values: [id = null], ...line }) => [id, line]));
  const nameOf = ({ name, id }: Live) => ({ kind: 'key', name: name ?? id });
  const keys = lives
    .toSorted((a, b) => byRef(nameOf(a), nameOf(b)))
    .map((live): KeyFigures => {
      const { requests, failed, prompt_tokens, completion_tokens, spend } = used.get(live.id) ?? NO_FIGURES;
      return { ...ownFigures(live), used: { requests, failed, prompt_tokens, completion_tokens, spend } };
    });
  return { snapshot: { version: 1, at: at.toISOString(), url, since, source: report.source, keys }, gaps };
}

/** The day on which the first of them was made; a year ago where that was before. */
function firstDay(lives: readonly Live[], today: string): string {
  const earliest = addDays(today, 1 - MOST_DAYS);
  const days = lives.map(({ created_at }) => created_at?.slice(0, 10) ?? earliest).toSorted();
  const [first = today] = days;
  return first < earliest ? earliest : first > today ? today : first;
}

function ownFigures(live: Live): Omit<KeyFigures, 'used'> {
  const { user_id, team_id, max_budget } = live.settings;
  const { total_spend, last_active } = live.extra;
  return {
    key_id: live.id,
    key_alias: live.name,
    set: live.mark?.set ?? null,
    user_id: typeof user_id === 'string' ? user_id : null,
    team_id: typeof team_id === 'string' ? team_id : null,
    created_at: live.created_at,
    expires: live.expires,
    last_active: typeof last_active === 'string' ? last_active : null,
    max_budget: typeof max_budget === 'number' ? max_budget : null,
    budget_reset_at: live.budget_reset_at,
    spend: live.spend,
    total_spend: typeof total_spend === 'number' ? total_spend : null,
  };
}
