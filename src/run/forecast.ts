/** Who reaches a budget, and when: what is spent is the server's, its pace comes from the cheapest source of usage that there is. */
import { dayOf } from '../base/day.ts';
import { findUsage } from '../litellm/usage/source.ts';
import {
  bySoonest,
  forecastOf,
  type Forecast,
  type ForecastBasis,
  type ForecastLine,
  type LeftOut,
  type SpenderKind,
} from '../model/forecast.ts';
import type { Dimension } from '../model/usage.ts';
import { startSum } from '../model/usage-sum.ts';
import type { Context, Session } from './open.ts';
import { spendersOf, type SpenderChoice } from './spenders.ts';
import type { UsageChoice } from './usage.ts';

/** Who, and at the pace of which days. */
export type ForecastChoice = SpenderChoice & Pick<UsageChoice, 'days'> & Pick<ForecastBasis, 'close' | 'within'>;

/** The forecast; what its source cannot tell, and who could not be looked at, in words. */
export type ForecastFound = {
  readonly forecast: Forecast;
  readonly untold: readonly string[];
  readonly gaps: readonly string[];
};

/** By what the use of each kind is told. */
const BY = { key: ['key'], user: ['user'], team: ['team'], member: ['team', 'user'] } as const satisfies Record<
  SpenderKind,
  readonly Dimension[]
>;

/** Throws what the server refuses. All is reckoned at one moment, whatever the clock does meanwhile. */
export async function findForecast(context: Context, session: Session, choice: ForecastChoice): Promise<ForecastFound> {
  const { connection } = session;
  const now = connection.clock.server();
  const days = choice.days(dayOf(now));
  const source = await findUsage(connection, {
    ...days,
    needs: new Set([...choice.kinds].flatMap((kind) => BY[kind])),
  });
  const sums = [...choice.kinds].map((kind) => {
    return { kind, ...startSum({ by: BY[kind], isWanted: () => true, setOf: () => null }) };
  });
  await source.read((cell) => {
    for (const sum of sums) sum.add(cell);
  });
  const used = new Map(
    sums.flatMap(({ kind, rows }) => rows().map(({ values, spend }) => [nameOf(kind, values), spend] as const)),
  );
  const basis = { ...choice, since: days.since, now };
  const lines: ForecastLine[] = [];
  const left_out: Record<LeftOut, number> = { no_budget: 0, stopped: 0, untold: 0, unused: 0 };
  const gaps: string[] = [];
  for await (const part of spendersOf(session, context, choice)) {
    gaps.push(...part.gaps);
    for (const spender of part.spenders) {
      const { kind } = spender;
      const ids = BY[kind].map((dimension) => spender[`${dimension}_id`]);
      const line = forecastOf(spender, used.get(nameOf(kind, ids)) ?? 0, basis);
      if (typeof line === 'string') left_out[line] += 1;
      else lines.push(line);
    }
  }
  const about = { ...days, as_of: now.toISOString(), source: source.name, close: choice.close, left_out };
  return { forecast: { ...about, lines: lines.toSorted(bySoonest) }, untold: source.gaps, gaps };
}

function nameOf(kind: SpenderKind, ids: readonly (string | null)[]): string {
  return JSON.stringify([kind, ...ids]);
}
