/**
 * When budgets are spent, at the pace of the last days. A pace is taken from days, because usage is told by the day, and is of
 * at least one: some minutes say nothing of a day. Of a budget with a window only this window is looked at. Pure.
 */
import { hasEnded } from './lifetime.ts';
import type { Kind } from './ref.ts';

/** Who can have a budget to spend. */
export const SPENDER_KINDS = ['key', 'user', 'team', 'member'] as const satisfies readonly Kind[];
export type SpenderKind = (typeof SPENDER_KINDS)[number];

/** Somebody, and what they may spend in US dollars; moments are RFC 3339. A member is told by its user and its team. */
export type Spender = {
  readonly kind: SpenderKind;
  readonly key_id: string | null;
  readonly key_alias: string | null;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly team_alias: string | null;
  readonly set: string | null;
  /** Spent of `max_budget` since the window began; `null`: the server does not tell. */
  readonly spend: number | null;
  /** `null`: as much as there is. */
  readonly max_budget: number | null;
  /** When the spend starts again at 0; `null`: never, or the server does not tell. */
  readonly budget_reset_at: string | null;
  readonly expires: string | null;
  readonly created_at: string | null;
  readonly blocked: boolean;
};

/**
 * What comes first. `over`: nothing is left. `reaches`: the limit. `later`: the limit, but later than matters. `resets`: the next
 * window. `ends`: the end of the key. `stays`: nothing, because nothing is being spent.
 */
export const FORECAST_STATES = ['over', 'reaches', 'later', 'resets', 'ends', 'stays'] as const;

/** What is to be expected of a budget. */
export type Outlook = {
  readonly state: (typeof FORECAST_STATES)[number];
  /** Whether as much is spent as was called close. */
  readonly close: boolean;
  /** Of the budget, 1 is all. */
  readonly share: number;
  /** US dollars a day. */
  readonly pace: number;
  /** When all is spent if nothing comes before; `null`: never. */
  readonly reached_at: string | null;
};

/** Why somebody is in no forecast: no limit, blocked or ended, a spend that the server does not tell, nothing ever spent. */
export const LEFT_OUT = ['no_budget', 'stopped', 'untold', 'unused'] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

type Limited = Spender & { readonly max_budget: number; readonly spend: number };

/** One budget, and what is to be expected of it. */
export type ForecastLine = Limited & Outlook;

/** The days that a pace is taken from, and what of the future matters. */
export type ForecastBasis = {
  /** The first of the days, `2026-11-24`. */
  readonly since: string;
  readonly now: Date;
  /** The share of a budget that is close to all of it. */
  readonly close: number;
  /** Milliseconds from now; `null`: all time. */
  readonly within: number | null;
};

const DAY = 86_400_000;
/** Beyond the year 9999 there are no moments to tell. */
const LATEST = Date.parse('9999-12-31T00:00:00Z');

/** `used`: what was spent on these days, in US dollars. Answers with the reason where nothing can be expected. */
export function forecastOf(spender: Spender, used: number, basis: ForecastBasis): ForecastLine | LeftOut {
  const { spend, max_budget, expires, blocked } = spender;
  if (max_budget === null) return 'no_budget';
  if (blocked || hasEnded(expires, basis.now)) return 'stopped';
  if (spend === null) return 'untold';
  if (spend === 0 && used === 0) return 'unused';
  const limited = { ...spender, max_budget, spend };
  return { ...limited, ...outlookOf(limited, used, basis) };
}

function outlookOf(
  { spend, max_budget: most, budget_reset_at, expires, created_at }: Limited,
  used: number,
  { since, now, close, within }: ForecastBasis,
): Outlook {
  const start = Math.max(Date.parse(since), created_at === null ? -Infinity : Date.parse(created_at));
  const pace = used / Math.max(1, (now.getTime() - start) / DAY);
  const share = most === 0 ? 1 : spend / most;
  const about = { share, pace, close: share >= close };
  if (spend >= most) return { ...about, state: 'over', reached_at: null };
  const reached = pace > 0 ? now.getTime() + ((most - spend) / pace) * DAY : Infinity;
  if (reached > LATEST) return { ...about, state: 'stays', reached_at: null };
  const [reset, end] = [momentOf(budget_reset_at), momentOf(expires)];
  const matters = now.getTime() + (within ?? Infinity);
  const comes = reached > matters ? 'later' : 'reaches';
  const state = reached < Math.min(reset, end) ? comes : reset <= end ? 'resets' : 'ends';
  return { ...about, state, reached_at: new Date(reached).toISOString() };
}

function momentOf(text: string | null): number {
  return text === null ? Infinity : Date.parse(text);
}

/** Whether somebody should look after it. */
export function isPressing({ state, close }: Outlook): boolean {
  return close || state === 'over' || state === 'reaches';
}

/** Budgets, those first that are over or soonest will be. */
export type Forecast = {
  readonly since: string;
  readonly until: string;
  readonly as_of: string;
  /** The route that the pace comes from. */
  readonly source: string;
  readonly close: number;
  readonly lines: readonly ForecastLine[];
  /** How many are not in it. */
  readonly left_out: Readonly<Record<LeftOut, number>>;
};

/** In the order of a forecast. */
export function bySoonest(a: ForecastLine, b: ForecastLine): number {
  return (
    FORECAST_STATES.indexOf(a.state) - FORECAST_STATES.indexOf(b.state) ||
    momentOf(a.reached_at) - momentOf(b.reached_at) ||
    b.share - a.share
  );
}
