/**
 * A plan as steps that can be kept and compared: what is done to which key, and a digest of all that it takes and gives. Ends
 * that are counted from the creation of a key are taken as the spec says them, so time alone moves nothing. What nobody is
 * shown is not in a digest either, where it could be guessed, but as a fingerprint.
 */
import { digest } from '../base/digest.ts';
import { fingerprint } from '../base/fingerprint.ts';
import { sameJson, stringifyJson, type Json } from '../base/json.ts';
import {
  isCreation,
  isDeletion,
  isRotation,
  type Action,
  type Change,
  type Creation,
  type FieldChange,
} from '../model/change.ts';
import type { Plan } from '../model/plan.ts';
import { refText } from '../model/ref.ts';
import { shownChange } from '../model/shown.ts';
import { groupBy } from './own.ts';

/** `of`: `key/lab-ada`, or the path of a hand-out. */
export type Step = {
  readonly of: string;
  readonly action: Exclude<Action, 'noop'> | 'withdraw' | 'write' | 'take';
  readonly digest: string;
};

/** All that apply would do to a set. */
export function stepsOf({ changes, withdrawals, rewrites, retractions }: Plan): readonly Step[] {
  return [
    ...changes.flatMap((change) => (change.action === 'noop' ? [] : [stepOf(change, change.action)])),
    ...withdrawals.map(({ ref, key_id, places }): Step => {
      const where = places.map(({ sink, path }) => ({ sink, path }));
      return { of: refText(ref), action: 'withdraw', digest: digest({ key_id, where }) };
    }),
    ...rewrites.map((path): Step => ({ of: path, action: 'write', digest: digest(path) })),
    ...retractions.map((path): Step => ({ of: path, action: 'take', digest: digest(path) })),
  ];
}

function stepOf(change: Change, action: Step['action']): Step {
  const { ref, live, takes, reason } = change;
  const content = {
    key_id: live?.id ?? null,
    fields: change.fields.map((field) => steady(field, change)),
    takes: takes.map(refText),
    reason,
    because: isDeletion(change) || isRotation(change) ? change.because : null,
    terms: isRotation(change) ? { ...change.terms } : null,
    placeholders: isCreation(change) ? change.desired.placeholders : null,
  };
  return { of: refText(ref), action, digest: digest(content) };
}

function steady(field: FieldChange, change: Change): Json {
  const shown = shownChange(field, change.live?.metadata ?? {}, change.desired?.secrets);
  const secret = sameJson(shown.to, field.to) ? null : fingerprint([[field.field, stringifyJson(field.to)]]);
  return { ...shown, ...(isCreation(change) && field.field === 'expires' ? { to: endOf(change) } : {}), secret };
}

function endOf({ desired: { lifetime } }: Creation): Json {
  return lifetime ?? null;
}

/** What differs between the steps that were planned and those that are to be done now, one line for each key or hand-out. */
export function movedSteps(planned: readonly Step[], now: readonly Step[]): readonly string[] {
  const [before, after] = [byName(planned), byName(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name) ?? [], after.get(name) ?? []];
    return sameJson(was, is) ? [] : [`${name}: ${movedText(wordsOf(was), wordsOf(is))}`];
  });
}

function movedText(was: string, is: string): string {
  if (is === '') return `${was} is in the plan, and not to be done any more`;
  if (was === '') return `${is} is not in the plan`;
  return was === is ? `${is} has other values than in the plan` : `${was} in the plan, ${is} now`;
}

function byName(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  return groupBy(steps, ({ of }) => of);
}

function wordsOf(steps: readonly Step[]): string {
  return steps.map(({ action }) => action).join(' and ');
}
