/** The end of a run: nothing goes wrong any more, and one command must bring everything in order. */
import { broken, readDeliveries, readKeyring, useless } from '../crash/promise.ts';
import type { Person, Scene } from '../crash/scene.ts';
import { READS } from '../crash/steps.ts';
import { pick, type Random } from '../support/random.ts';
import { standing } from './event.ts';
import type { Ground } from './ground.ts';
import { end, isBySpec, repair, tidy, type Command, type Intent } from './intent.ts';
import { GRACES } from './life.ts';
import { idOf, markOf, nameOf, ownRows, readRows } from './rows.ts';
import { addressOf } from './turns.ts';
import { judge, saidIn } from './verdict.ts';
import { problem, type Problem } from './wrongs.ts';

/** After so long the keyring no longer waits for creations that are under way at the server; in milliseconds. */
const LONG = 7_200_000;
const MINUTE = 60_000;

/** How a run stands before its end. */
export type Standing = {
  readonly last: Command;
  /** The most members that the spec ever had. */
  readonly most: number;
  /** Whether the clock can be moved. */
  readonly mayWait: boolean;
  /** Whether the server was called by its other address. */
  readonly isMoved: boolean;
};

export type Mending = {
  readonly scene: Scene;
  readonly people: readonly Person[];
  readonly random: Random;
  readonly ground: Ground;
  /** What commands are told besides: `--recreate`, or nothing. */
  readonly anew: readonly string[];
};

/**
 * Half of the time all waits are over: then a deletion is finished first, and the spec is as it was last. Else secrets of
 * creations that may still be under way are kept, and the spec names all members that it ever had, so that they are used.
 * Creations that the server put off may reach it in the middle of the apply. What was begun under another address, or on
 * another machine, is ended by time alone, so there all waits are over.
 */
export async function mend(mending: Mending, { last, most, mayWait, isMoved }: Standing): Promise<readonly Problem[]> {
  const { scene, people, random, ground } = mending;
  const waits = mayWait && (isMoved || ground.machines !== 'one' || random() < 0.5);
  await scene.faults.catchUp();
  if (mayWait) scene.pass(waits ? LONG : MINUTE);
  const deletes = waits && last.name === 'delete';
  const middle = waits ? null : pick(random, [null, 1, 2, 4]);
  const deleted = deletes ? await clean(mending, end(last.intent), null, !isMoved && ground.machines !== 'two') : [];
  if (mayWait) scene.pass(MINUTE);
  const intent = waits ? last.intent : { ...last.intent, members: most };
  const applied = await round(mending, repair(intent), { middle, mayWait, isMoved });
  /* Old secrets are there until their grace is over, and new keys may be closed still. */
  const rows = await readRows(scene.server, scene.set);
  const isOver = rows.every(
    (row) => (markOf(scene.set, row)?.retiring ?? '') + (markOf(scene.set, row)?.opens ?? '') === '',
  );
  if (!isOver) scene.pass(GRACES);
  const tidied = isOver ? [] : await round(mending, tidy(intent), { middle: null, mayWait, isMoved });
  const wrong = [...(await whole(mending, intent)), ...(await opens(scene, people, intent))];
  return [...deleted, ...applied, ...tidied, ...wrong];
}

/** Each person's turn, under each address: there is a keyring of its own for it. */
async function round(
  mending: Mending,
  command: Command,
  { middle, mayWait, isMoved }: Pick<Standing, 'mayWait' | 'isMoved'> & { readonly middle: number | null },
): Promise<readonly Problem[]> {
  const { scene, people } = mending;
  const wrong: Problem[] = [];
  for (const address of isMoved ? [2, 1] : [1]) {
    for (const each of people) each.move({ url: addressOf(scene, address) });
    for (const each of people) {
      const others = people.filter((other) => other !== each);
      const isAlone = !isMoved && mending.ground.machines !== 'two';
      wrong.push(...(await clean({ ...mending, people: [each, ...others] }, command, middle, isAlone)));
      if (mayWait) scene.pass(MINUTE);
    }
  }
  return wrong;
}

/** A command in fair weather, and the same once more, which has nothing to do. */
async function clean(
  { scene, people, ground, anew: more }: Mending,
  command: Command,
  middle: number | null,
  isAlone: boolean,
): Promise<readonly Problem[]> {
  const [person] = people;
  if (person === undefined) return [];
  const began = await standing(scene, person);
  const anew = isBySpec(command) ? more : [];
  const argv = [...command.argv, ...anew, '-o', 'json'];
  person.wants(command.intent.members, command.intent.fields, ground.sets);
  scene.faults.choose(async ({ number }) => {
    if (number === middle) await scene.faults.catchUp();
    return null;
  });
  const ended = await person.vkeys(...argv);
  await scene.faults.catchUp();
  const after = await readRows(scene.server, scene.set);
  const { problems } = judge(scene, people, {
    command,
    weather: null,
    ended,
    requests: [],
    strikes: [],
    after,
    isTaken: false,
    isAlone,
    ...began,
  });
  scene.faults.choose(() => null);
  const again = await person.vkeys(...argv);
  const changing = scene.faults.requests().filter((request) => !READS.test(request));
  const failed = (which: string, how: typeof ended): string => `the ${which} ${command.name} failed: ${saidIn(how)}`;
  return [
    ...problems,
    ...(ended.code === 0 ? [] : [problem('keys unlike the spec', failed('clean', ended))]),
    ...(again.code === 0 ? [] : [problem('other broken promises', failed('second', again))]),
    ...changing.map((request) => problem('other broken promises', `the second ${command.name} sent ${request}`)),
  ];
}

/** What is wrong after the last command: where all know the same, in every way; else, that each secret is somewhere, and once. */
async function whole({ scene, people, ground }: Mending, { members }: Intent): Promise<readonly Problem[]> {
  const aliases = scene.aliases(members);
  const rows = ownRows(scene.set, await readRows(scene.server, scene.set));
  const ids = new Set(rows.map(idOf));
  const closed = rows
    .filter((row) => row['blocked'] === true)
    .map((row) => problem('keys unlike the spec', `at the end: ${nameOf(scene.set, row)} is blocked`));
  const unused = people.flatMap(({ folder }) => useless(folder, ids));
  if (ground.machines !== 'two') {
    const left = (await Promise.all(people.map((person) => broken(scene, person, aliases)))).flat();
    const told = left.map((text) =>
      problem(text.includes('opens nothing') ? 'useless hand-outs' : 'other broken promises', `at the end: ${text}`),
    );
    return [...closed, ...told];
  }
  const keyrings = people.map(({ folder }) => ({
    ...readKeyring(folder),
    handed: readDeliveries(folder, aliases),
  }));
  const wrong = rows.flatMap((row) => {
    const [id, name] = [idOf(row), nameOf(scene.set, row)];
    const knowing = keyrings.filter(({ secrets }) => secrets.has(id));
    const lacking = knowing.filter(({ handed }) => Object.values(handed).some((secrets) => !secrets.has(name)));
    return [
      ...(knowing.length === 1 ? [] : [problem('keys lost', `${String(knowing.length)} have the secret of ${name}`)]),
      ...lacking.map(() => problem('keys lost', `${name} is not handed out where its secret is known`)),
    ];
  });
  const extra = keyrings.flatMap(({ secrets, gone, open, rotations }) => [
    ...[...secrets.keys()].filter((id) => !ids.has(id) && !gone.has(id)).map((id) => `a secret without a key, ${id}`),
    ...[...open].map((id) => `not finished, ${id}`),
    ...[...rotations.values()].map(({ name }) => `the rotation of ${name} is not finished`),
  ]);
  return [
    ...closed,
    ...wrong,
    ...unused.map((text) => problem('useless hand-outs', `at the end: ${text}`)),
    ...extra.map((text) => problem('other broken promises', `at the end: ${text}`)),
  ];
}

/** Whether the secrets that were handed out are taken by the server. */
async function opens(scene: Scene, people: readonly Person[], { members }: Intent): Promise<readonly Problem[]> {
  const aliases = scene.aliases(members);
  const handed = people.flatMap(({ folder }) => [...(readDeliveries(folder, aliases)['dotenv'] ?? [])]);
  const [, secret] = handed.find(([alias]) => alias === aliases[0]) ?? [];
  if (secret === undefined) return [problem('keys lost', `nobody has the hand-out of ${String(aliases[0])}`)];
  const { status } = await fetch(`${scene.server.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
  return status === 200 ? [] : [problem('keys lost', `a secret that was handed out is refused: ${String(status)}`)];
}
