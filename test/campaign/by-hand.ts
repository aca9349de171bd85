/** What commands by hand promise of the keys that were there before them. */
import type { Json } from '../../src/base/json.ts';
import { textOf } from '../crash/promise.ts';
import type { Scene } from '../crash/scene.ts';
import type { Event } from './event.ts';
import { LATER, MORE } from './life.ts';
import { endOf, idOf, isRetiring, markOf, nameOf, type Row } from './rows.ts';
import { undone, type Undone } from './wrongs.ts';

/** Milliseconds by which an end may be missed that is counted in seconds. */
const EXACT = 2500;

/** Whether a key is as the command promises, seeing what it was; and the field that it is about. */
type Promised = { readonly field: string; readonly isKept: (row: Row, was: Row) => boolean };

const PROMISED: Readonly<Record<string, Promised>> = {
  extend: { field: 'duration', isKept: (row, was) => Math.abs(endOf(row) - endOf(was) - LATER) <= EXACT },
  raise: {
    field: 'max_budget',
    isKept: (row, was) => numberOf(row['max_budget']) === numberOf(was['max_budget']) + MORE,
  },
  block: { field: 'blocked', isKept: (row) => row['blocked'] === true },
  unblock: { field: 'blocked', isKept: (row) => row['blocked'] !== true },
};

/** What of the promises of `extend`, `raise`, `block`, `unblock`, `open` and `gc` is not kept. */
export function madeByHand(scene: Scene, { command, before, after, at }: Event): readonly Undone[] {
  const { set } = scene;
  const named = scene.aliases(command.intent.members);
  const there = new Map(after.map((row) => [idOf(row), row]));
  const meant = before.filter((row) => named.includes(nameOf(set, row)));
  const isOver = (row: Row): boolean => (markOf(set, row)?.retiring ?? '') !== '' && !isRetiring(set, row, at);
  if (command.name === 'gc') {
    const gone = before.filter((row) => markOf(set, row) !== null && !there.has(idOf(row)));
    return [
      ...after.filter(isOver).map((row) => undone('keys unlike the spec', `${nameOf(set, row)} is still there`)),
      ...gone.filter((row) => !isOver(row)).map((row) => undone('keys lost', `${nameOf(set, row)} was cleared away`)),
    ];
  }
  if (command.name === 'opens: in the spec') {
    const ids = new Set(before.map(idOf));
    const early = after.filter(
      (row) => !ids.has(idOf(row)) && named.includes(nameOf(set, row)) && row['blocked'] !== true,
    );
    const isLate = scene.now().getTime() >= Date.parse(textOf(command.intent.fields['opens']));
    return isLate ? [] : early.map((row) => undone('keys unlike the spec', `${nameOf(set, row)} is open`, 'blocked'));
  }
  const opened: Promised = {
    field: 'blocked',
    isKept: (row, was) => markOf(set, was)?.opens === '' || (markOf(set, row)?.opens === '' && row['blocked'] !== true),
  };
  const promised = command.name === 'open' ? opened : PROMISED[command.name];
  if (promised === undefined) return [];
  return meant.flatMap((was) => {
    const row = there.get(idOf(was));
    const said = `${command.name} of ${nameOf(set, was)} is not so`;
    return row !== undefined && promised.isKept(row, was) ? [] : [undone('keys unlike the spec', said, promised.field)];
  });
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : Number.NaN;
}
