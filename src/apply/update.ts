import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { replacesMetadata, updateBody } from '../kinds/bodies.ts';
import { difference, type Facts } from '../plan/diff.ts';
import type { Change, Desired, FieldChange, Live, Notice, Outcome } from '../model/model.ts';
import { FIELDS, settingsEntries } from '../kinds/key.ts';
import { failed, skipped, type Phase } from './phase.ts';
import type { ApplyPorts, Server } from './ports.ts';

export type Update = Extract<Change, { readonly action: 'update' | 'adopt' }>;

/** Brings live keys to what is wanted, each with one minimal patch, and reads them back: an answer may echo what was not stored. */
export async function updateAll(
  set: string,
  updates: readonly Update[],
  facts: Facts,
  ports: ApplyPorts,
  phase: Phase,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly notices: readonly Notice[] }> {
  const patched = await pMap(
    updates,
    (change) =>
      phase.step(
        async () => updateOne(set, change, facts, ports.server),
        () => skipped(change),
      ),
    { concurrency: ports.concurrency },
  );
  const outcomes = await readUpdates(patched, ports.server);
  return { outcomes, notices: ignoredIn(outcomes, facts) };
}

async function updateOne(set: string, change: Update, facts: Facts, server: Server): Promise<Outcome> {
  const { desired, live, changes, action } = change;
  try {
    const patched = await patch(desired, live, changes, action === 'adopt' ? set : null, facts, server);
    return { change, status: 'applied', live: patched, secret: null, error: null };
  } catch (error) {
    return failed(change, error);
  }
}

type Patched = Outcome & { readonly live: Live };
const isPatched = (outcome: Outcome): outcome is Patched => outcome.status === 'applied' && outcome.live !== null;

async function readUpdates(outcomes: readonly Outcome[], server: Server): Promise<readonly Outcome[]> {
  if (!outcomes.some(isPatched)) return outcomes;
  try {
    const { keys, listed } = await server.list();
    const rows = new Map(keys.map((row) => [row.key_id, row]));
    return outcomes.map((outcome) =>
      isPatched(outcome)
        ? { ...outcome, live: completed(rows.get(outcome.live.key_id), outcome.live, listed) }
        : outcome,
    );
  } catch (error) {
    return outcomes.map((outcome) =>
      isPatched(outcome) ? { ...failed(outcome.change, error), live: outcome.live, secret: outcome.secret } : outcome,
    );
  }
}

/** A listed row, with the settings that lists leave out as the answer had them; the answer, where somebody deleted the key. */
function completed(row: Live | undefined, answer: Live, listed: Facts['listed']): Live {
  if (row === undefined) return answer;
  const unlisted = settingsEntries(answer.settings).filter(
    ([name]) => FIELDS[name].home !== 'metadata' && listed?.has(name) !== true,
  );
  return { ...row, settings: { ...Object.fromEntries(unlisted), ...row.settings } };
}

async function patch(
  desired: Desired,
  live: Live,
  changes: readonly FieldChange[],
  set: string | null,
  facts: Facts,
  server: Server,
): Promise<Live> {
  const current = set !== null || replacesMetadata(changes) ? await server.info(live.key_id) : live;
  if (current === null) {
    throw new VkeysError(
      'api',
      `${desired.key_alias} was deleted meanwhile.`,
      'Run the same command again to plan anew.',
    );
  }
  const body = updateBody(changes, current, set === null ? null : { set }, facts.now);
  return server.update(live.key_id, { ...desired.extra, ...body });
}

/**
 * Corrects new keys where the server gave them something else: an end snapped to its calendar (1.76.3 to 1.80.11), a
 * default for an empty list. What remains is told.
 */
export async function correctAll(
  created: readonly Outcome[],
  facts: Facts,
  ports: ApplyPorts,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly notices: readonly Notice[] }> {
  const corrected = await pMap(
    created.flatMap((outcome) => otherwise(outcome, facts)),
    (one) => ports.turn(() => correctOne(one, facts, ports.server)),
    { concurrency: ports.concurrency },
  );
  const read = new Map((await readUpdates(corrected, ports.server)).map((outcome) => [outcome.change, outcome]));
  const outcomes = created.map((outcome) => read.get(outcome.change) ?? outcome);
  return { outcomes, notices: ignoredIn(outcomes, facts) };
}

/** A new key that is otherwise than wanted. */
type Otherwise = {
  readonly outcome: Outcome;
  readonly desired: Desired;
  readonly live: Live;
  readonly changes: readonly FieldChange[];
};

function otherwise(outcome: Outcome, facts: Facts): readonly Otherwise[] {
  const { status, live, change } = outcome;
  if (status !== 'applied' || live === null || change.desired === null) return [];
  const { changes } = difference(change.desired, live, facts);
  return changes.length === 0 ? [] : [{ outcome, desired: change.desired, live, changes }];
}

async function correctOne(one: Otherwise, facts: Facts, server: Server): Promise<Outcome> {
  const { outcome, desired, live, changes } = one;
  try {
    return { ...outcome, live: await patch(desired, live, changes, null, facts, server) };
  } catch (error) {
    return { ...failed(outcome.change, error), live, secret: outcome.secret };
  }
}

/** Of what was applied. */
function ignoredIn(outcomes: readonly Outcome[], facts: Facts): readonly Notice[] {
  return outcomes.flatMap(({ change, status, live }) =>
    status === 'applied' && live !== null && change.desired !== null ? ignoredNotices(change.desired, live, facts) : [],
  );
}

/** What the server still has otherwise after it was told: it ignored, rounded or filled it in. */
function ignoredNotices(desired: Desired, live: Live, facts: Facts): readonly Notice[] {
  const { changes, notices } = difference(desired, live, facts);
  const ignored = changes.map(({ field, from, to }): Notice => {
    const message = `The server took ${field} ${JSON.stringify(to)} and has ${JSON.stringify(from)} instead.`;
    return {
      code: 'ignored',
      key_alias: desired.key_alias,
      message,
      hint: 'This version does not keep it, or its configuration overrules it: leave it out of the spec, or change the server.',
    };
  });
  return [...notices, ...ignored];
}
