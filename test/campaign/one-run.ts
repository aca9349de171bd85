/**
 * One run of the campaign, all of it from its seed: a workshop with strangers' keys beside it, commands in bad weather
 * with other things happening between them, and then a clean one, after which everything must be in order.
 */
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { leaks } from '../crash/promise.ts';
import { play, type Person, type Scene, type Server } from '../crash/scene.ts';
import { between, pick, randomFrom } from '../support/random.ts';
import { mend } from './clean.ts';
import type { Event } from './event.ts';
import { groundFrom, groundWords, type Ground } from './ground.ts';
import { firstIntent, nextCommand, repair, type Intent } from './intent.ts';
import { DUE, lifeCommand } from './life.ts';
import { ask, makeForeign, readRows, spend, textsOf } from './rows.ts';
import { suffer, type Life } from './suffer.ts';
import { CONFUSING, TURNS, turnsOn } from './turns.ts';
import { judge } from './verdict.ts';
import { problem, type Problem } from './wrongs.ts';

/** What happened in a run, and what was wrong with it. */
export type Run = {
  readonly seed: number;
  readonly set: string;
  readonly events: readonly Event[];
  /** What the run is like, and what happened between its commands, in words. */
  readonly ground: readonly string[];
  readonly turns: readonly string[];
  readonly problems: readonly Problem[];
  /** Whether the commands were processes. */
  readonly isProcess: boolean;
  /** Settings that the server did not store, although it said so: told in a notice, and believed until the next plan. */
  readonly told: number;
  readonly believed: number;
};

/** A run of which nothing is known. */
export const EMPTY = { set: '', events: [], ground: [], turns: [], isProcess: false, told: 0, believed: 0 };

/** How many of the commands are about the life of keys. */
const LIFE = 0.5;

/** Every so manieth run is one of processes. */
const PROCESSES = 25;

/** Milliseconds that people take between two commands: longer than reads lag. */
const MOMENT = 10_000;

export function runOnce(seed: number, on?: Server): Promise<Run> {
  const random = randomFrom('campaign', seed);
  const sandbox = { version: pick(random, SANDBOX_VERSIONS), disableCustomKeys: random() < 0.15 };
  const isReal = on !== undefined;
  /* Processes have clocks that nobody here can move, and so cannot wait for reads that lag. */
  const chosen = groundFrom(random, isReal);
  const isProcess = seed % PROCESSES === 0;
  const ground = isProcess ? { ...chosen, lag: 0 } : chosen;
  return play(
    async (scene) => {
      const strangers = await makeForeign(scene.server, scene.set);
      try {
        return await live(
          { scene, seed, random, ground, isReal, isProcess, isKnown: !sandbox.disableCustomKeys },
          strangers,
        );
      } catch (error) {
        const problems = [problem('other broken promises', error instanceof Error ? String(error.stack) : 'unknown')];
        return { ...EMPTY, ground: groundWords(ground), seed, problems };
      } finally {
        if (on !== undefined) await ask(on, '/key/delete', { keys: strangers });
      }
    },
    on ?? { ...sandbox, lag: ground.lag },
  );
}

async function live(life: Life, strangers: readonly string[]): Promise<Run> {
  const { scene, seed, random, ground, isReal, isProcess } = life;
  let people = peopleOn(scene, ground);
  const events: Event[] = [];
  const problems: Problem[] = [];
  const turns: string[] = [];
  let [told, believed] = [0, 0];
  const begun = await readRows(scene.server, scene.set);
  let intent = firstIntent(random, scene.set);
  let most = intent.members;
  if (random() < 0.6) await prepare(life, people, intent);
  await spend(scene.server, scene.set, random);
  for (let left = between(random, 1, 3); left > 0; left -= 1) {
    await scene.faults.catchUp();
    if (!isReal && !isProcess) scene.pass(MOMENT);
    if (random() < 0.5 && !isProcess) {
      const name = pick(random, turnsOn(ground, turns, isReal));
      const wrong = await TURNS[name]?.({ scene, random, ground, intent, people, anew: anewAfter(ground, turns) });
      turns.push(name);
      problems.push(...(wrong ?? []).map(({ wrong: what, text }) => problem(what, `${name}: ${text}`)));
    }
    if (people.length > 1 && random() < 0.5) {
      people = people.toReversed();
      turns.push('another machine');
      if (!isReal) scene.pass(6 * MOMENT);
    }
    const command =
      random() < LIFE
        ? lifeCommand(random, intent, { isMovable: !isReal, now: scene.now().getTime() })
        : nextCommand(random, intent);
    if (command.name === 'rotate: in the spec' && !('rotate' in intent.fields)) scene.pass(DUE);
    const event = await suffer(life, people, command, `${seed}.${left}`, {
      more: anewAfter(ground, turns),
      isAlone: ground.machines !== 'two' && !turns.includes('another address'),
    });
    const verdict = judge(scene, people, event);
    events.push(event);
    problems.push(...verdict.problems);
    told += verdict.told;
    believed += verdict.believed;
    ({ intent } = event.command);
    if (event.isTaken) turns.push('a takeover');
    most = Math.max(most, intent.members);
  }
  const last = events.at(-1)?.command ?? repair(intent);
  problems.push(
    ...(await mend(
      { scene, people, random, anew: anewAfter(ground, turns), ground },
      { last, most, mayWait: !isReal, isMoved: turns.includes('another address') },
    )),
  );
  const [was, is] = [begun, await readRows(scene.server, scene.set)].map((all) => textsOf(all, strangers));
  const leaked = people.flatMap((person) => leaks(scene, person));
  return {
    seed,
    set: scene.set,
    events,
    ground: groundWords(ground),
    turns,
    isProcess,
    told,
    believed,
    problems: [
      ...problems,
      ...leaked.map((text) => problem('secrets told', text)),
      ...(was ?? []).filter((text, at) => text !== is?.[at]).map((text) => problem('foreign keys touched', text)),
    ],
  };
}

/** What another machine, or a run under another address, has deleted is missing here: somebody has to say that it may be made anew. */
function anewAfter({ machines }: Ground, turns: readonly string[]): readonly string[] {
  return machines === 'two' || turns.some((name) => CONFUSING.has(name)) ? ['--recreate'] : [];
}

function peopleOn(scene: Scene, { machines }: Ground): readonly Person[] {
  const first = scene.person();
  if (machines === 'one') return [first];
  return [first, machines === 'two' ? scene.person() : scene.person(first.folder)];
}

async function prepare({ scene, ground }: Life, [person]: readonly Person[], intent: Intent): Promise<void> {
  if (person === undefined) return;
  person.wants(intent.members, intent.fields, ground.sets);
  const { code, stdout, stderr } = await person.vkeys(...repair(intent).argv);
  if (code !== 0) throw new Error(`nothing was wrong, and yet: ${stdout}${stderr} ${scene.set}`);
}
