/** What happens between two commands: to the server, to the clocks, and to what the address leads to. */
import { broken, holding, readKeyring } from '../crash/promise.ts';
import type { More, Person, Scene } from '../crash/scene.ts';
import type { Ended } from '../support/process.ts';
import { between, pick, type Random } from '../support/random.ts';
import type { Ground } from './ground.ts';
import { tidy, type Intent } from './intent.ts';
import { GRACES } from './life.ts';
import { aliasOf, ask, bornOf, endOf, idOf, markOf, readRows, spend, type Row } from './rows.ts';
import { saidIn } from './verdict.ts';
import { problem, type Problem } from './wrongs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a turn needs; `people`: the one who gives the next command first. */
export type Turning = {
  readonly scene: Scene;
  readonly random: Random;
  readonly ground: Ground;
  readonly intent: Intent;
  readonly people: readonly Person[];
  /** What commands are told where keys are gone that this machine's keyring, or one of them, has: `--recreate`. */
  readonly anew: readonly string[];
};

type Turn = (turning: Turning) => Promise<readonly Problem[]> | readonly Problem[];

const ELSEWHERE = 'another server behind the address';
/** Another machine may not know what it was. */
const ON_ONE_KEYRING: ReadonlySet<string> = new Set([
  ELSEWHERE,
  'answers that take their time',
  'a name that a stranger has',
  'hand-outs that move',
  'some keys vanish',
  'all keys vanish',
]);
/** What one keyring of a user knows, the others borrow. */
const ON_ONE_MACHINE: ReadonlySet<string> = new Set(['a mark that is wiped']);

export const TURNS: Readonly<Record<string, Turn>> = {
  'time passes': ({ scene, random }) => {
    scene.pass(between(random, 1, 8 * 60) * MINUTE);
    return [];
  },
  'a clock is set': ({ people: [person], random }) => {
    person?.move({ ahead: pick(random, [-24, -2, 0, 2, 24]) * HOUR });
    return [];
  },
  'another address': ({ scene, people, random }) => {
    for (const person of people) person.move({ url: addressOf(scene, pick(random, [1, 2])) });
    return [];
  },
  'a rename by hand': (turning) => tamper(turning, (row) => ({ key_alias: `by-hand-${idOf(row).slice(0, 8)}` })),
  'a mark that is wiped': (turning) => tamper(turning, () => ({ metadata: { note: 'mine' } })),
  'money is spent': async ({ scene, random }) => {
    await spend(scene.server, scene.set, random);
    return [];
  },
  'an alias that is nulled': (turning) => tamper(turning, () => ({ key_alias: null })),
  'some keys vanish': (turning) => vanish(turning, between(turning.random, 1, 3)),
  'all keys vanish': (turning) => vanish(turning, Infinity),
  [ELSEWHERE]: visit,
  'a name that a stranger has': stumble,
  'hand-outs that move': move,
  'answers that take their time': dawdle,
};

/** Nobody can move the clock of a real server, and what settles first waits for hours. */
const ON_REAL_SERVERS: ReadonlySet<string> = new Set([
  'a clock is set',
  'another address',
  'a rename by hand',
  'a mark that is wiped',
  'money is spent',
]);

/** After these a keyring may have keys that were deleted from another one: whether they are to be made anew, somebody has to say. */
export const CONFUSING: ReadonlySet<string> = new Set(['another address']);

/** Names of what can happen on this ground, after these turns: what one keyring knows is looked at where there is one. */
export function turnsOn({ machines }: Ground, turns: readonly string[], isReal: boolean): readonly string[] {
  const isOne = machines !== 'two' && !turns.includes('another address');
  return Object.keys(TURNS).filter(
    (name) =>
      (isOne || !ON_ONE_KEYRING.has(name)) &&
      (machines !== 'two' || !ON_ONE_MACHINE.has(name)) &&
      !(isReal && !ON_REAL_SERVERS.has(name)),
  );
}

/** The server's addresses: two names of one machine. */
export function addressOf({ faults }: Scene, which: number): string {
  return which === 1 ? faults.url : faults.url.replace('127.0.0.1', 'localhost');
}

/** Somebody changes a key past vkeys, whose hash this machine knows. */
async function tamper(
  { scene, random, people: [person] }: Turning,
  change: (row: Row) => Row,
): Promise<readonly Problem[]> {
  const { secrets } = readKeyring(person?.folder ?? '');
  const rows = await readRows(scene.server, scene.set);
  const intact = rows.filter((row) => secrets.has(idOf(row)) && markOf(scene.set, row)?.name === aliasOf(row));
  if (intact.length === 0) return [];
  const row = pick(random, intact);
  await ask(scene.server, '/key/update', { key: idOf(row), ...change(row) });
  return [];
}

type Fair = { readonly ended: Ended; readonly rows: readonly Row[] };

async function fair(turning: Turning, ...more: readonly string[]): Promise<Fair> {
  return fairly(turning, {}, more);
}

async function fairly(
  { scene, people: [person], ground, intent }: Turning,
  wish: More,
  more: readonly string[],
): Promise<Fair> {
  if (person === undefined) throw new Error('nobody is there');
  scene.faults.choose(() => null);
  person.wants(intent.members, intent.fields, ground.sets, wish);
  const ended = await person.vkeys(...tidy(intent).argv, ...more, '-o', 'json');
  return { ended, rows: await readRows(scene.server, scene.set) };
}

/** Everything is in order, and a minute old. */
async function settle(turning: Turning): Promise<Fair & { readonly wrong: readonly Problem[] }> {
  const { scene, people, intent } = turning;
  await scene.faults.catchUp();
  scene.pass(2 * HOUR);
  await fair(turning, ...turning.anew);
  scene.pass(GRACES);
  const done = await fair(turning, ...turning.anew);
  scene.pass(MINUTE);
  const left = people[0] === undefined ? [] : await broken(scene, people[0], scene.aliases(intent.members));
  return {
    ...done,
    wrong: [...ends(done, 0, 'before'), ...left.map((text) => problem('other broken promises', text))],
  };
}

function ends({ ended }: Fair, code: number, when: string): readonly Problem[] {
  if (ended.code === code) return [];
  return [problem('wrong exit codes', `${when}: ${String(ended.code)} and not ${String(code)}: ${saidIn(ended)}`)];
}

/** Whether so many vanished, of one set or of all, that it was not somebody's deletion. */
function areMany(vanished: ReadonlyMap<string, number>, sizes: ReadonlyMap<string, number>): boolean {
  const isMany = (count: number, size: number): boolean =>
    count > Math.max(3, size * 0.3) || (count === size && size > 1);
  const sum = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((all, each) => all + each, 0);
  return [...vanished].some(([set, count]) => isMany(count, sizes.get(set) ?? 0)) || isMany(sum(vanished), sum(sizes));
}

/** How many of each set are among the rows. */
function bySet({ scene }: Turning, rows: readonly Row[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const set = markOf(scene.set, row)?.set;
    if (set !== undefined) counts.set(set, (counts.get(set) ?? 0) + 1);
  }
  return counts;
}

/** Keys are deleted past vkeys: a few are made anew, of many somebody has to say it. */
async function vanish(turning: Turning, most: number): Promise<readonly Problem[]> {
  const { scene, random } = turning;
  const before = await settle(turning);
  const own = before.rows.filter((row) => markOf(scene.set, row) !== null);
  if (own.length === 0) return before.wrong;
  const gone = own.toSorted(() => random() - 0.5).slice(0, most);
  await ask(scene.server, '/key/delete', { keys: gone.map(idOf) });
  const refused = areMany(bySet(turning, gone), bySet(turning, own));
  const after = await fair(turning);
  const made = after.rows.filter((row) => before.rows.every((old) => idOf(old) !== idOf(row)));
  const wrong = [...before.wrong, ...ends(after, refused ? 6 : 0, `${String(gone.length)} vanished`)];
  if (!refused) return [...wrong, ...(await whole(turning, 'some vanished'))];
  if (made.length > 0)
    wrong.push(problem('other broken promises', `${String(made.length)} were made, and it was refused`));
  return [
    ...wrong,
    ...ends(await fair(turning, '--recreate'), 0, 'recreated'),
    ...(await whole(turning, 'all came anew')),
  ];
}

async function whole({ scene, people: [person], intent }: Turning, when: string): Promise<readonly Problem[]> {
  if (person === undefined) return [];
  const left = await broken(scene, person, scene.aliases(intent.members));
  return left.map((text) => problem('other broken promises', `${when}: ${text}`));
}

/** The last set cannot be had, so nothing is changed in any. */
async function stumble(turning: Turning): Promise<readonly Problem[]> {
  const { scene, intent } = turning;
  const before = await settle(turning);
  const more = { ...turning, intent: { ...intent, members: intent.members + 1 } };
  const after = await fairly(more, { beside: `other-${scene.set}-solo` }, turning.anew);
  const texts = ({ rows }: Fair): string => JSON.stringify(rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)));
  const isChanged = texts(before) !== texts(after);
  return [
    ...before.wrong,
    ...ends(after, 6, 'a conflict'),
    ...(isChanged ? [problem('other broken promises', 'it was refused, and yet something was changed')] : []),
    ...(await whole(turning, 'refused')),
  ];
}

/** Milliseconds that each request takes on its way, and by which an end may be missed that is counted in seconds. */
const [SLOW, EXACT] = [20_000, 2500];

/** Ends are counted from when a request is sent, however long the run is under way by then. */
async function dawdle(turning: Turning): Promise<readonly Problem[]> {
  const { scene, people, intent, ground } = turning;
  const before = await settle(turning);
  const [person] = people;
  if (person === undefined) return before.wrong;
  scene.faults.choose(() => {
    scene.pass(SLOW);
    return null;
  });
  person.wants(intent.members, { ...intent.fields, duration: '4d' }, ground.sets);
  const ended = await person.vkeys(...tidy(intent).argv, ...turning.anew, '--concurrency', '1', '-o', 'json');
  const rows = (await readRows(scene.server, scene.set)).filter((row) => markOf(scene.set, row) !== null);
  const missed = rows.map((row) => endOf(row) - bornOf(scene.set, row) - 96 * HOUR);
  return [
    ...before.wrong,
    ...ends({ ended, rows }, 0, 'slow answers'),
    ...missed
      .filter((by) => !(Math.abs(by) <= EXACT))
      .map((by) => problem('keys unlike the spec', `an end is ${String(by)} ms late`)),
  ];
}

/** Where hand-outs were, there are none afterwards. */
async function move(turning: Turning): Promise<readonly Problem[]> {
  const { scene, people, intent } = turning;
  const before = await settle(turning);
  const there = await fairly(turning, { out: 'out/moved' }, turning.anew);
  const folder = people[0]?.folder ?? '';
  const left = holding(folder).filter((path) => !path.includes('moved'));
  const back = await fair(turning, ...turning.anew);
  const still = holding(folder).filter((path) => path.includes('moved'));
  return [
    ...before.wrong,
    ...ends(there, 0, 'moved'),
    ...ends(back, 0, 'moved back'),
    ...[...left, ...still].map((path) => problem('useless hand-outs', `${path} was moved, and is there`)),
    ...(await whole({ ...turning, scene, intent }, 'moved back')),
  ];
}

/** A port is forwarded to another server, and back: each has its own keys, and no secret is forgotten. */
async function visit(turning: Turning): Promise<readonly Problem[]> {
  const { scene, random } = turning;
  const before = await settle(turning);
  const there = bySet(turning, before.rows);
  const refused = areMany(there, there);
  const other = await scene.away();
  const wrong = [...before.wrong];
  try {
    const first = await fair(turning);
    wrong.push(...ends(first, refused ? 6 : 0, 'elsewhere'));
    const made = await readRows(other, scene.set);
    if (refused && made.length > 0)
      wrong.push(problem('other broken promises', `elsewhere ${String(made.length)} were made`));
    if (random() < 0.5) wrong.push(...ends(await fair(turning, '--recreate'), 0, 'made elsewhere'));
  } finally {
    other.home();
  }
  const back = await fair(turning, ...turning.anew);
  const ids = (rows: readonly Row[]): string => rows.map(idOf).toSorted().join();
  if (ids(back.rows) !== ids(before.rows))
    wrong.push(problem('keys lost', 'other keys after the way elsewhere and back'));
  return [...wrong, ...ends(back, 0, 'back'), ...(await whole(turning, 'back'))];
}
