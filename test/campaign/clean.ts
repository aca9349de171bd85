/** The end of a run: nothing goes wrong any more, and one command must bring everything in order. */
import { broken, readDeliveries } from '../crash/promise.ts';
import type { Person, Scene } from '../crash/scene.ts';
import { pick, type Random } from '../support/random.ts';
import { end, repair, type Command, type Intent } from './intent.ts';
import { readRows } from './rows.ts';
import { judge, problem, type Problem } from './verdict.ts';

/** After so long the keyring no longer waits for creations that are under way at the server; in milliseconds. */
const LONG = 7_200_000;

/** How a run stands before its end. */
export type Standing = {
  readonly last: Command;
  /** The most members that the spec ever had. */
  readonly most: number;
  /** Whether the clock can be moved. */
  readonly mayWait: boolean;
};

/**
 * Half of the time all waits are over: then a deletion is finished first, and the spec is as it was last. Else secrets of
 * creations that may still be under way are kept, and the spec names all members that it ever had, so that they are used.
 * Creations that the server put off may reach it in the middle of the apply.
 */
export async function mend(
  scene: Scene,
  person: Person,
  random: Random,
  { last, most, mayWait }: Standing,
): Promise<readonly Problem[]> {
  const waits = mayWait && random() < 0.5;
  if (waits) scene.pass(LONG);
  const deletes = waits && last.name === 'delete';
  const middle = deletes ? null : pick(random, [null, 1, 2, 4]);
  if (middle === null) await scene.faults.catchUp();
  const deleted = deletes ? await clean(scene, person, end(last.intent), null) : [];
  const intent = waits ? last.intent : { ...last.intent, members: most };
  const applied = await clean(scene, person, repair(intent), middle);
  return [...deleted, ...applied, ...(await opens(scene, person, intent))];
}

/** A command in fair weather, and the same once more, which has nothing to do. */
async function clean(
  scene: Scene,
  person: Person,
  command: Command,
  middle: number | null,
): Promise<readonly Problem[]> {
  const before = await readRows(scene.server, scene.set);
  person.wants(command.intent.members, command.intent.fields);
  scene.faults.choose(async ({ number }) => {
    if (number === middle) await scene.faults.catchUp();
    return null;
  });
  const ended = await person.vkeys(...command.argv, '-o', 'json');
  await scene.faults.catchUp();
  const after = await readRows(scene.server, scene.set);
  const aliases = command.name === 'delete' ? [] : scene.aliases(command.intent.members);
  const { problems } = judge(scene, person, {
    command,
    weather: null,
    ended,
    requests: [],
    strikes: [],
    before,
    after,
  });
  const left = await broken(scene, person, aliases);
  scene.faults.choose(() => null);
  const again = await person.vkeys(...command.argv, '-o', 'json');
  const changing = scene.faults.requests().filter((request) => !request.startsWith('GET'));
  return [
    ...problems,
    ...(ended.code === 0 ? [] : [problem('keys unlike the spec', `the clean ${command.name} failed: ${ended.stderr}`)]),
    ...left.map((text) => problem('other broken promises', `after the clean ${command.name}: ${text}`)),
    ...(again.code === 0
      ? []
      : [problem('other broken promises', `the second ${command.name} failed: ${again.stderr}`)]),
    ...changing.map((request) => problem('other broken promises', `the second ${command.name} sent ${request}`)),
  ];
}

/** Whether a secret from a hand-out is taken by the server. */
async function opens(scene: Scene, person: Person, { members }: Intent): Promise<readonly Problem[]> {
  const aliases = scene.aliases(members);
  const secret = readDeliveries(person.folder, aliases)['dotenv']?.get(aliases[0] ?? '') ?? '';
  const { status } = await fetch(`${scene.server.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
  return status === 200 ? [] : [problem('keys lost', `a secret that was handed out is refused: ${String(status)}`)];
}
