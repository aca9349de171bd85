/** How keys stand, looked at once or over and over. */
import { limitOfKey, LIMIT_COLUMNS, LIMIT_FIELDS } from '../litellm/limits.ts';
import { standingOf, type KeyStanding } from '../model/key-standing.ts';
import { byRef } from '../model/ref.ts';
import { USAGE, type Live } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { openChoice, type Choice } from './choice.ts';
import { lookAtPlaces } from './deliver-kept.ts';
import { keyringState } from './keyrings.ts';
import { withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { findChosen, sayMissing } from './select.ts';
import { budgetsOn } from './spenders.ts';

/** `gaps`: what is missing, or could not be looked at, in words. `now`: by the server's clock. */
export type Board = {
  readonly url: string;
  readonly now: Date;
  readonly keys: readonly KeyStanding[];
  readonly gaps: readonly string[];
};

/** Shows how the keys stand, until `see` answers `false`. Throws what a look throws. */
export async function watchKeys(
  context: Context<RunOptions>,
  choice: Choice,
  see: (board: Board) => Promise<boolean>,
): Promise<void> {
  await withSessions(context, async (sessions) => {
    for (;;) {
      const { session, named } = await openChoice(context, sessions, choice);
      const look = { columns: [...new Set([...USAGE, ...LIMIT_COLUMNS])], fields: LIMIT_FIELDS };
      const selection = await findChosen({ session, hear: context.hear, look }, named);
      const { now } = selection.survey;
      const keys = await standings(context, session, choice.specs, selection.keys, now);
      const gaps = [...selection.missing.map(sayMissing), ...selection.gaps];
      if (!(await see({ url: session.url, now, keys, gaps }))) return;
    }
  });
}

async function standings(
  context: Context<RunOptions>,
  session: Session,
  specs: readonly Spec[],
  lives: readonly Live[],
  now: Date,
): Promise<readonly KeyStanding[]> {
  const { world, options } = context;
  const hasBudgets = lives.some(({ settings }) => typeof settings['budget_id'] === 'string');
  const budgets = hasBudgets ? await budgetsOn(session) : new Map<string, Live>();
  const sets = [...new Set(lives.flatMap(({ mark }) => (mark === null ? [] : [mark.set])))];
  const rotating = new Set<string>();
  for (const set of sets)
    for (const of of (await keyringState(world, options, { server: session.url, set })).rotations.keys())
      rotating.add(of);
  const places = specs.length === 0 ? [] : await lookAtPlaces(context, specs);
  const wanted = new Map(
    specs.flatMap(({ set, desired }) => desired.map((each) => [nameIn(set, each.ref.name), each])),
  );
  const held = new Map(places.map(({ set, ref, held: there }) => [nameIn(set, ref.name), there]));
  const nameOf = ({ name, id }: Live) => ({ kind: 'key', name: name ?? id });
  return lives
    .toSorted((a, b) => byRef(nameOf(a), nameOf(b)))
    .map((live) => {
      const name = nameIn(live.mark?.set ?? '', live.mark?.name ?? live.name ?? '');
      const facts = {
        max_budget: limitOfKey(live, budgets).max_budget,
        rotating: rotating.has(live.id),
        rule: wanted.get(name)?.rotate,
        held: held.get(name) ?? null,
      };
      return standingOf(live, facts, now);
    });
}

function nameIn(set: string, name: string): string {
  return JSON.stringify([set, name]);
}
