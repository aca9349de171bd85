/** What new secrets under old names promise, by the server's rows before and after a command, and by the hand-outs. */
import { isObject } from '../../src/base/json.ts';
import { readKeyring, textOf, useless } from '../crash/promise.ts';
import type { Person, Scene } from '../crash/scene.ts';
import { keysIn } from '../support/printed.ts';
import type { Event } from './event.ts';
import { AS_THEY_ARE, isBySpec } from './intent.ts';
import { EVERY } from './life.ts';
import { bornOf, endOf, idOf, isRetiring, markOf, nameOf, ownRows, unlike as differences, type Row } from './rows.ts';
import { problem, undone, type Problem, type Undone } from './wrongs.ts';

/** Milliseconds by which an end may be missed that is counted in seconds. */
const EXACT = 2500;
const HOUR = 3_600_000;

const workingName = (name: string): string => `${name}~new`;

/** What must be so whatever went wrong: what is handed out opens something, and what replaces a key lives no longer than it. */
export function keptBy(scene: Scene, people: readonly Person[], event: Event): readonly Problem[] {
  const { command, after, isAlone, isUseful } = event;
  const isWatched = command.name === 'rotate' && isAlone && isUseful;
  const ids = new Set(after.map(idOf));
  const lost = isWatched ? people.flatMap(({ folder }) => useless(folder, ids)) : [];
  return [
    ...lost.map((text) => problem('useless hand-outs', `in the middle of a rotation: ${text}`)),
    ...successorsOf(scene, event).flatMap((one) => unlikeOld(scene, event, one)),
    ...retiredIn(scene, event)
      .filter((one) => lastsTooLong(scene, event, one))
      .map(({ row }) => unlike(`${nameOf(scene.set, row)} lasts until ${textOf(row['expires'])}`)),
  ];
}

/** A key of this command, and the one that it takes the place of. */
type Successor = { readonly name: string; readonly row: Row; readonly old: Row };

function successorsOf({ set }: Scene, { before, after, ended }: Event): readonly Successor[] {
  const there = new Set(before.map(idOf));
  const named = rowsByName(set, before);
  const rows = (keysIn(ended) ?? []).filter(({ action, status }) => action === 'rotate' && status === 'applied');
  const said = new Set(rows.map((row) => textOf(row['key_alias'])));
  return after.flatMap((row) => {
    const mark = markOf(set, row);
    const name = mark?.name.replace(/~new$/, '') ?? '';
    const old = named.get(name);
    if (mark === null || mark.retiring !== '' || there.has(idOf(row)) || old === undefined) return [];
    return mark.since !== '' || said.has(name) ? [{ name, row, old }] : [];
  });
}

/** The new key goes on where the old one was: since when it lives, when it ends, and what it has spent. */
function unlikeOld(
  { set }: Scene,
  { command, begun, strikes }: Event,
  { name, row, old }: Successor,
): readonly Problem[] {
  const isLate = Math.abs(bornOf(set, row) - bornOf(set, old)) > EXACT;
  if (isLate) return [unlike(`${name} lives anew with its new secret`)];
  if (strikes.some(({ field }) => field !== null)) return [];
  const isAsSaid =
    Math.abs(endOf(row) - endOf(old)) <= EXACT ||
    differences(set, command.intent, row).every(({ field }) => field !== 'duration');
  const isLonger = command.name === 'rotate' && !isAsSaid;
  const keeps = begun.get(idOf(old))?.keepsSpend ?? command.argv.includes('--keep-spend');
  const [spent, before] = [Number(row['spend']), Number(old['spend'])];
  return [
    ...(isLonger ? [unlike(`${name} ends otherwise with its new secret`)] : []),
    ...(spent === (keeps ? before : 0) ? [] : [unlike(`${name} has spent ${spent}, and ${before} before`)]),
  ];
}

/** A row that this command has put in its grace, and what it was. */
type Retired = { readonly row: Row; readonly was: Row };

function retiredIn({ set }: Scene, { before, after, at }: Event): readonly Retired[] {
  const there = new Map(before.map((row) => [idOf(row), row]));
  return after
    .filter((row) => isRetiring(set, row, at))
    .map((row) => ({ row, was: there.get(idOf(row)) ?? row }))
    .filter(({ was }) => markOf(set, was)?.retiring === '');
}

/** An old key ends with its grace, and no later than it would have ended. */
function lastsTooLong(scene: Scene, event: Event, { row, was }: Retired): boolean {
  if (event.strikes.some(({ field }) => field !== null)) return false;
  const retiring = Date.parse(markOf(scene.set, row)?.retiring ?? '');
  const latest = Math.min(endOf(was), scene.now().getTime() + graceOf(event, idOf(row)));
  return Math.abs(endOf(row) - retiring) > EXACT || retiring > latest + EXACT;
}

/** What a command that says that it is done has left of rotations. */
export function turnedBy(scene: Scene, [person]: readonly Person[], event: Event): readonly Undone[] {
  const { set } = scene;
  const { command, before, after, at, begun, isAlone } = event;
  if (command.name !== 'rotate' && !isBySpec(command)) return [];
  const named = scene.aliases(command.intent.members);
  const { secrets, rotations } = readKeyring(person?.folder ?? '');
  const [was, is] = [rowsByName(set, before), rowsByName(set, after)];
  const ids = new Set(after.map(idOf));
  const left = named.filter((name) => isAlone || secrets.has(idOf(is.get(workingName(name)) ?? {})));
  const over = after.filter((row) => (markOf(set, row)?.retiring ?? '') !== '' && !isRetiring(set, row, at));
  const open = isAlone ? [...rotations.values()].filter(({ name }) => named.includes(name)) : [];
  const asked = command.name === 'rotate' ? among(was, named) : [];
  const isLeft = command.argv.includes(AS_THEY_ARE);
  const rotated = (keysIn(event.ended) ?? []).filter(({ action }) => action === 'rotate');
  return [
    ...left.filter((name) => is.has(workingName(name))).map((name) => say(`${workingName(name)} is left`)),
    ...over.map((row) => say(`${nameOf(set, row)} is there, and its grace is over`)),
    ...open.map(({ name }) => say(`the rotation of ${name} is not finished`)),
    ...asked
      .filter((row) => idOf(is.get(nameOf(set, row)) ?? {}) === idOf(row))
      .map((row) => say(`${nameOf(set, row)} has its old secret`)),
    ...(isAlone ? among(was, named) : [])
      .filter((row) => was.has(workingName(nameOf(set, row))) && idOf(is.get(nameOf(set, row)) ?? {}) === idOf(row))
      .map((row) => say(`${nameOf(set, row)} has its old secret, and a new one was made before`)),
    ...asked
      .filter((row) => graceOf(event, idOf(row)) === 0 && ids.has(idOf(row)))
      .map((row) => say(`the old secret of ${nameOf(set, row)} is there`)),
    ...(isLeft ? [] : among(is, named))
      .filter((row) => isDue(command.intent.fields, row, at))
      .map((row) => say(`${nameOf(set, row)} has a secret of ${textOf(row['created_at'])}`)),
    ...(isLeft && begun.size === 0 ? rotated : []).map((row) =>
      say(`${textOf(row['key_alias'])} got a new secret, and nobody asked for it`),
    ),
  ];
}

function say(text: string): Undone {
  return undone('other broken promises', text);
}

function unlike(text: string): Problem {
  return problem('keys unlike the spec', text);
}

/** How long an old secret goes on, in milliseconds: as the rotation was begun, whatever is asked for later. */
function graceOf({ begun, command: { argv, intent } }: Event, id: string): number {
  const known = begun.get(id);
  if (argv.includes('--leaked') || known?.isLeaked === true) return 0;
  if (known !== undefined) return known.grace;
  const { rotate } = intent.fields;
  const grace = argv[argv.indexOf('--grace') + 1];
  const said = argv.includes('--grace') ? grace : isObject(rotate) ? rotate['grace'] : undefined;
  return { 0: 0, '30s': 30_000, '10m': 600_000 }[textOf(said) as '0'] ?? HOUR;
}

function isDue({ rotate }: Event['command']['intent']['fields'], row: Row, at: number): boolean {
  return isObject(rotate) && at - Date.parse(textOf(row['created_at'])) > EVERY + EXACT;
}

/** The keys that are current, by what the spec calls them. */
function rowsByName(set: string, rows: readonly Row[]): ReadonlyMap<string, Row> {
  const current = ownRows(set, rows).filter((row) => (markOf(set, row)?.retiring ?? '') === '');
  return new Map(current.map((row) => [nameOf(set, row), row]));
}

function among(rows: ReadonlyMap<string, Row>, names: readonly string[]): readonly Row[] {
  return names.map((name) => rows.get(name)).filter((row) => row !== undefined);
}
