/** What the server stored of what it was told: an answer may echo what was not, and a look may come from before. */
import { VkeysError } from '../base/errors.ts';
import { sameJson, stringifyJson } from '../base/json.ts';
import { settingsEntries, type Settings } from '../model/fields.ts';
import { factsOf, type KindFacts } from '../model/kind.ts';
import { EXACT } from '../model/lifetime.ts';
import type { FieldChange } from '../model/change.ts';
import type { Notice } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import { shownChange } from '../model/shown.ts';
import type { Survey } from '../model/survey.ts';
import { difference, type ServerFacts } from '../plan/diff.ts';
import { eventually } from './lag.ts';
import { failed, type Done } from './phase.ts';
import { storeOf, surveyOf, type ApplyPorts } from './ports.ts';

/** What was to be brought about, by which changes, and what the server has of it. */
export type Compared = { readonly desired: Desired; readonly live: Live; readonly fields: readonly FieldChange[] };

/** `null`: it was not brought about, or nothing is there. */
export function comparedIn({ outcome: { status, live, change } }: Done): Compared | null {
  const { desired, fields } = change;
  return status === 'applied' && live !== null && desired !== null ? { desired, live, fields } : null;
}

/** ServerFacts for comparing what was just asked for, which has to be kept exactly. */
export function exactFacts(kind: Kind, ports: ApplyPorts, survey: Survey = surveyOf(ports, kind)): ServerFacts {
  const { version, kinds, now } = ports;
  return { kind: factsOf(kinds, kind), now: now(), listed: survey.listed, version, tolerance: EXACT };
}

/** Reads again what was changed. What the answer already had otherwise is not waited for: the server said that it ignores it. */
export async function readAgain(kind: Kind, all: readonly Done[], ports: ApplyPorts): Promise<readonly Done[]> {
  const compared = all.flatMap((done) => comparedIn(done) ?? []);
  if (compared.length === 0) return all;
  const wanted = { ids: compared.map(({ live }) => live.id), names: [], all: false };
  try {
    const survey = await eventually(
      () => storeOf(ports, kind).survey(wanted),
      (seen) => {
        const [rows, facts] = [rowsIn(seen), exactFacts(kind, ports, seen)];
        return compared.every((one) => !contradicts(one, rows.get(one.live.id), facts));
      },
      ports,
    );
    const [rows, facts] = [rowsIn(survey), exactFacts(kind, ports, survey)];
    return all.map((done) => {
      const one = comparedIn(done);
      if (one === null) return done;
      const row = rows.get(one.live.id);
      const live = row === undefined ? one.live : completed(row, one.live, facts);
      const read: Done = { ...done, outcome: { ...done.outcome, live } };
      return { ...read, notices: ignoredNotices({ ...one, live }, facts) };
    });
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    return all.map((done) => {
      const { live, secret, change } = done.outcome;
      return comparedIn(done) === null ? done : failed({ work: done.work, change }, error, { live, secret });
    });
  }
}

function rowsIn({ lives }: Survey): ReadonlyMap<string, Live> {
  return new Map(lives.map((row) => [row.id, row]));
}

/**
 * Whether a row has something otherwise that the answer to the update had as it was wanted. What has no secret is answered by
 * a look, too: one that shows none of the changes comes from before, and says nothing.
 */
function contradicts({ desired, live, fields }: Compared, row: Live | undefined, facts: ServerFacts): boolean {
  if (row === undefined || row.name !== live.name) return true;
  const missing = new Set(difference(desired, live, facts).changes.map(({ field }) => field));
  const isBefore = !facts.kind.hasSecret && fields.every(({ field }) => missing.has(field));
  return difference(desired, completed(row, live, facts), facts).changes.some(
    ({ field }) => isBefore || !missing.has(field),
  );
}

/** A listed row, with the settings that lists leave out as the answer had them. */
function completed(row: Live, answer: Live, { kind, listed }: Pick<ServerFacts, 'listed'> & { kind: KindFacts }): Live {
  const unlisted = settingsEntries(kind.fields, answer.settings).filter(
    ([name, , field]) => field.home !== 'metadata' && listed?.has(name) !== true,
  );
  const settings: Settings = Object.fromEntries(unlisted.map(([name, value]) => [name, value]));
  return { ...row, settings: { ...settings, ...row.settings } };
}

/** What the server still has otherwise after it was told: it ignored, rounded or filled it in. */
export function ignoredIn(done: Done, ports: ApplyPorts): readonly Notice[] {
  const one = comparedIn(done);
  return one === null ? [] : ignoredNotices(one, exactFacts(one.live.kind, ports));
}

function ignoredNotices({ desired, live }: Compared, facts: ServerFacts): readonly Notice[] {
  const { changes, notices } = difference(desired, live, facts);
  const ignored = changes.map((change): Notice => {
    const { field, from, to } = shownChange(change, live.metadata, desired.secrets);
    const instead = sameJson(from, to) ? 'another' : stringifyJson(from);
    const message = `The server took ${field} ${stringifyJson(to)} and has ${instead} instead.`;
    const hint =
      'This version does not keep it, or its configuration overrules it: leave it out of the spec, or change the server.';
    return { code: 'ignored', ref: desired.ref, message, hint };
  });
  return [...notices, ...ignored];
}
