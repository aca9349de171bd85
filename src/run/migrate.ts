/** The same keys, with the same secrets, on another server: a plan for it whose creations have secrets that are known. */
import { VkeysError } from '../base/errors.ts';
import type { Keyring, Line } from '../model/keyring.ts';
import type { Notice } from '../model/plan.ts';
import { applyPlanned, type Ran } from './apply.ts';
import { openChoice, type Choice } from './choice.ts';
import { withKeyrings } from './keyrings.ts';
import { migrationOf, type MigrateChoices, type Migration, type MovedKey } from './migration.ts';
import { openingOf, withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { planSets, refusalsOf, RefusedError, type OpenSet, type PlannedSet, type RunPlan } from './plan.ts';
import type { TriedKey } from '../model/verified.ts';

/** The two servers, each with what reaches it. */
export type Servers = { readonly from: Context<RunOptions>; readonly to: Context<RunOptions> };

/** What became of it. `keys`: those that are there now with the secret that they have on the old server. */
export type Migrated = { readonly ran: Ran; readonly keys: readonly TriedKey[] };

/**
 * Makes the keys on the other server, with whom they name. `approve` sees the plan, and throws or answers `false` where it is not to
 * be done. Done again it goes on where it was cut. Throws `RefusedError` and what `migrationOf` throws before anything is changed.
 */
export async function migrateChosen(
  { from, to }: Servers,
  choice: Choice,
  how: MigrateChoices,
  approve: (planned: RunPlan) => Promise<boolean>,
): Promise<Migrated> {
  const { world } = from;
  const started = world.now();
  return withSessions(from, (old) =>
    withSessions(to, async (sessions) => {
      const source = await old.open(null);
      const target = await sessions.open(null);
      if (source.url === target.url) throw sameAddress(target);
      const specs = choice.specs.map((spec) => ({ ...spec, url: null, profile: null, credential: null }));
      const { named } = await openChoice(from, old, { ...choice, specs });
      const migration = await migrationOf(from, { source, target }, { named, specs }, how);
      const abouts = [target, source].flatMap(({ url }) => migration.specs.map(({ set }) => ({ server: url, set })));
      return withKeyrings(world, to.options, abouts, openingOf(to, sessions), async (keyrings) => {
        const opened = migration.specs.flatMap((spec, index): readonly (OpenSet & { readonly old: Keyring })[] => {
          const [keyring, before] = [keyrings[index], keyrings[index + migration.specs.length]];
          return keyring === undefined || before === undefined ? [] : [{ spec, session: target, keyring, old: before }];
        });
        const keepsPlaces = choice.specs.length === 0;
        const options = { ...to.options, keepsPlaces };
        const planned = await planSets({ ...to, options }, opened);
        const ready = withSecrets(planned, migration, started);
        if (!(await approve(ready))) return { ran: nothingRan(started, world.now()), keys: [] };
        const refusals = refusalsOf(ready);
        if (refusals.length > 0) throw new RefusedError(refusals);
        for (const { spec, old: keyring } of opened) await keyring.record(apartLines(spec.set, keyring, migration));
        const ran = await applyPlanned({ ...to, options }, ready, started);
        const keys = movedKeys(ran, migration, target);
        const there = new Set(keys.map(({ key_id }) => key_id));
        for (const { old: keyring } of opened) await keyring.record(placesLeft(keyring, there));
        return { ran, keys };
      });
    }),
  );
}

/** The plans, whose creations have the secrets of the old keys, and with them where those are handed out. */
function withSecrets({ sets, refusals }: RunPlan, { keys, notices }: Migration, at: Date): RunPlan {
  return {
    refusals,
    sets: sets.map((set, index): PlannedSet => {
      const unknown = keys.filter((key) => key.set === set.spec.set && !set.state.entries.has(key.id));
      const own: readonly Notice[] = set.plan.notices.filter(({ code }) => code !== 'orphan');
      return {
        ...set,
        borrowed: [...set.borrowed, ...unknown.flatMap((key) => linesOf(key, at))],
        plan: { ...set.plan, notices: index === 0 ? [...notices, ...own] : own },
      };
    }),
  };
}

function linesOf({ id, name, entry }: MovedKey, at: Date): readonly Line[] {
  if (entry === null) return [];
  return [
    { op: 'mint', key_id: id, name, secret: entry.secret, at: at.toISOString() },
    { op: 'apart', key_id: id },
    ...entry.places.map((place): Line => ({ op: 'placed', key_id: id, place })),
  ];
}

/** What becomes of the one key says nothing of the other from here on. */
function apartLines(set: string, keyring: Keyring, { keys }: Migration): readonly Line[] {
  const { entries } = keyring.state();
  return keys.flatMap(({ id, set: own }): readonly Line[] =>
    own === set && entries.has(id) && entries.get(id)?.apart !== true ? [{ op: 'apart', key_id: id }] : [],
  );
}

/** Hand-outs belong to the new key: who deletes the old one takes nothing from anybody. */
function placesLeft(keyring: Keyring, there: ReadonlySet<string | null>): readonly Line[] {
  return [...keyring.state().entries.values()].flatMap(({ key_id, places }) =>
    there.has(key_id) ? places.map((place): Line => ({ op: 'removed', key_id, place })) : [],
  );
}

function movedKeys({ report }: Ran, { keys }: Migration, { url }: Session): readonly TriedKey[] {
  const entries = new Map(keys.map(({ id, entry }) => [id, entry]));
  return report.sets.flatMap(({ set, outcomes }) =>
    outcomes.flatMap(({ change, status, live }): readonly TriedKey[] => {
      const entry = live === null ? null : (entries.get(live.id) ?? null);
      if (change.ref.kind !== 'key' || status !== 'applied' || entry === null) return [];
      const { key_id, secret } = entry;
      return [{ set, name: change.ref.name, key_id, url, secret, models: null, held: [] }];
    }),
  );
}

function nothingRan(started: Date, ended: Date): Ran {
  return { report: { started, ended, sets: [] }, error: null };
}

function sameAddress({ url }: Session): VkeysError {
  return new VkeysError('usage', `Both servers are ${url}.`, 'Name two: --from OLD --to NEW; see vkeys auth profiles');
}
