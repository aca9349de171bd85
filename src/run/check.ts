/** Live keys against rules, server by server. Nothing is held of a key that keeps to them. */
import { isFieldName, KEY } from '../kinds/key.ts';
import type { KeysPart } from '../litellm/survey.ts';
import { breachesOf, ruledLive, type Breach } from '../model/breaches.ts';
import type { Live } from '../model/resource.ts';
import type { Rule } from '../model/rules.ts';
import { passes, type KeyFilter, type Selector } from '../model/selector.ts';
import type { Spec } from '../model/spec.ts';
import { listedKeys } from './listed-keys.ts';
import { namedBy, withSessions, type Context, type Session, type Sessions } from './open.ts';

/** Which keys: those that are named, or with `null` all; of these what the filter lets pass; `isOurs`: of the specs' sets only. */
export type CheckChoice = {
  readonly selectors: readonly Selector[] | null;
  readonly filter: KeyFilter;
  readonly isOurs: boolean;
};

/** How many keys were looked at, how many of them break rules, and for how many there are none. */
export type Checked = {
  readonly keys: number;
  readonly broken: number;
  readonly unruled: number;
  /** Fields with rules that some rows of the server do not have. */
  readonly untold: readonly string[];
  /** What could not be looked at, in words. */
  readonly gaps: readonly string[];
};

/** `found` hears of each key that breaks rules. */
export async function checkKeys(
  context: Context,
  { specs, rules }: { readonly specs: readonly Spec[]; readonly rules: readonly Rule[] },
  { selectors, filter, isOurs }: CheckChoice,
  found: (live: Live, breaches: readonly Breach[]) => void,
): Promise<Checked> {
  const rulesOf = rulesBySet(rules);
  const look = { fields: new Set(rules.map(({ field }) => field)) };
  const untold = new Set<string>();
  const gaps: string[] = [];
  let [keys, broken, unruled, done] = [0, 0, 0, 0];
  return withSessions(context, async (sessions) => {
    for (const [session, sets] of await serversOf(sessions, specs)) {
      for await (const part of listedKeys(session, context, { selectors, look })) {
        const now = session.connection.clock.server();
        const isMeant = (live: Live): boolean =>
          passes(filter, live, now) && (!isOurs || (live.mark !== null && sets.has(live.mark.set)));
        for (const live of part.lives.filter(isMeant)) {
          const own = rulesOf(live.mark?.set ?? null);
          const told = own.filter(({ field }) => isTold(field, live, part));
          for (const { field } of own) if (!told.some((rule) => rule.field === field)) untold.add(field);
          const breaches = breachesOf(told, ruledLive(live), KEY, now);
          if (breaches.length > 0) found(live, breaches);
          keys += 1;
          broken += Number(breaches.length > 0);
          unruled += Number(own.length === 0);
        }
        done += part.lives.length;
        context.hear({ is: 'progress', done, total: Math.max(part.total, done + 1) });
        gaps.push(...part.gaps);
      }
    }
    context.hear({ is: 'progress', done, total: done });
    return { keys, broken, unruled, untold: [...untold], gaps };
  });
}

/** The servers that the specs name, each with their sets there; that of the environment where there are no specs. */
async function serversOf(
  sessions: Sessions,
  specs: readonly Spec[],
): Promise<ReadonlyMap<Session, ReadonlySet<string>>> {
  const servers = new Map<Session, Set<string>>();
  if (specs.length === 0) servers.set(await sessions.open(null), new Set());
  for (const spec of specs) {
    const session = await sessions.open(namedBy(spec, specs));
    servers.set(session, (servers.get(session) ?? new Set()).add(spec.set));
  }
  return servers;
}

/** The rules that hold for each set, and for keys of none. */
function rulesBySet(rules: readonly Rule[]): (set: string | null) => readonly Rule[] {
  const known = new Map<string | null, readonly Rule[]>();
  return (set) => {
    const own = known.get(set) ?? rules.filter((rule) => rule.set === null || rule.set === set);
    known.set(set, own);
    return own;
  };
}

/** Whether the server's rows tell of a field, also that it is not set. */
function isTold(field: string, { settings }: Live, { listed }: Pick<KeysPart, 'listed'>): boolean {
  return !isFieldName(field) || listed === null || listed.has(field) || settings[field] !== undefined;
}
