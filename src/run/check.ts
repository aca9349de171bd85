/** Live keys, teams and users against rules, server by server. Nothing is held of what keeps to them. */
import { KINDS } from '../kinds/kinds.ts';
import { streamThings } from '../litellm/list-things.ts';
import type { KeysPart } from '../litellm/survey.ts';
import { breachesOf, ruledLive, type Breach } from '../model/breaches.ts';
import { factsOf, type KindFacts } from '../model/kind.ts';
import type { Live } from '../model/resource.ts';
import type { Rule, RuledKind } from '../model/rules.ts';
import { passes, type KeyFilter, type Selector } from '../model/selector.ts';
import type { Spec } from '../model/spec.ts';
import { listedKeys } from './listed-keys.ts';
import { namedBy, withSessions, type Context, type Session, type Sessions } from './open.ts';

/** Which: of these kinds, of keys those that are named, or with `null` all; of these what the filter lets pass; `isOurs`: of the specs' sets only. */
export type CheckChoice = {
  readonly kinds: readonly RuledKind[];
  readonly selectors: readonly Selector[] | null;
  readonly filter: KeyFilter;
  readonly isOurs: boolean;
};

/** How many of a kind were looked at, how many of them break rules, and for how many there are none. */
export type Checked = {
  readonly kind: RuledKind;
  readonly all: number;
  readonly broken: number;
  readonly unruled: number;
  /** Fields with rules that some rows of the server do not have. */
  readonly untold: readonly string[];
  /** What could not be looked at, in words. */
  readonly gaps: readonly string[];
};

type Laws = { readonly specs: readonly Spec[]; readonly rules: readonly Rule[] };
type Found = (live: Live, breaches: readonly Breach[]) => void;

/** `found` hears of each thing that breaks rules. */
export async function checkLives(
  context: Context,
  { specs, rules }: Laws,
  choice: CheckChoice,
  found: Found,
): Promise<readonly Checked[]> {
  return withSessions(context, async (sessions) => {
    const servers = await serversOf(sessions, specs);
    const checked: Checked[] = [];
    for (const kind of choice.kinds) {
      const own = rules.filter((rule) => rule.kind === kind);
      checked.push(await checkKind(kind, context, servers, own, choice, found));
    }
    return checked;
  });
}

async function checkKind(
  kind: RuledKind,
  context: Context,
  servers: ReadonlyMap<Session, ReadonlySet<string>>,
  rules: readonly Rule[],
  { selectors, filter, isOurs }: CheckChoice,
  found: Found,
): Promise<Checked> {
  const facts = factsOf(KINDS, kind);
  const rulesOf = rulesBySet(rules);
  const look = { fields: new Set(rules.map(({ field }) => field)) };
  const untold = new Set<string>();
  const gaps: string[] = [];
  let [all, broken, unruled, done] = [0, 0, 0, 0];
  for (const [session, sets] of servers) {
    const parts: AsyncIterable<Part> =
      kind === 'key' ? listedKeys(session, context, { selectors, look }) : streamThings(session.connection, kind, []);
    for await (const part of parts) {
      const now = session.connection.clock.server();
      const isMeant = (live: Live): boolean =>
        isLet(filter, live, now) && (!isOurs || (live.mark !== null && sets.has(live.mark.set)));
      for (const live of part.lives.filter(isMeant)) {
        const own = rulesOf(live.mark?.set ?? null);
        const told = own.filter(({ field }) => isTold(facts, field, live, part));
        for (const rule of own) if (!told.includes(rule)) untold.add(rule.field);
        const breaches = breachesOf(told, ruledLive(live), facts, now);
        if (breaches.length > 0) found(live, breaches);
        all += 1;
        broken += Number(breaches.length > 0);
        unruled += Number(own.length === 0);
      }
      done += part.lives.length;
      context.hear({ is: 'progress', done, total: Math.max(part.total, done + 1), of: kind });
      gaps.push(...part.gaps);
    }
  }
  context.hear({ is: 'progress', done, total: done, of: kind });
  return { kind, all, broken, unruled, untold: [...untold], gaps };
}

type Part = Pick<KeysPart, 'lives' | 'listed' | 'total' | 'gaps'>;

/** A team or a user is what a filter for one may name; those for keys let none pass. */
function isLet(filter: KeyFilter, live: Live, now: Date): boolean {
  if (live.kind === 'key') return passes(filter, live, now);
  const { set, ...others } = filter;
  const isNamed = Object.entries(others).every(
    ([kind, id]) => id === undefined || (kind === live.kind && id === live.id),
  );
  return isNamed && (set === undefined || live.mark?.set === set);
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

/** The rules that hold for each set, and for what is of none. */
function rulesBySet(rules: readonly Rule[]): (set: string | null) => readonly Rule[] {
  const known = new Map<string | null, readonly Rule[]>();
  return (set) => {
    const own = known.get(set) ?? rules.filter((rule) => rule.set === null || rule.set === set);
    known.set(set, own);
    return own;
  };
}

/** Whether the server's rows tell of a field, also that it is not set. */
function isTold({ fields }: KindFacts, field: string, { settings }: Live, { listed }: Part): boolean {
  return !Object.hasOwn(fields, field) || listed === null || listed.has(field) || settings[field] !== undefined;
}
