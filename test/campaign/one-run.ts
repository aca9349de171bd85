/**
 * One run of the campaign, all of it from its seed: a workshop with strangers' keys beside it, commands in bad weather,
 * and then a clean one, after which everything must be in order.
 */
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { leaks } from '../crash/promise.ts';
import { play, type Person, type Scene, type Server } from '../crash/scene.ts';
import { between, pick, randomFrom, type Random } from '../support/random.ts';
import { mend } from './clean.ts';
import { firstIntent, repair, nextCommand, type Command, type Intent } from './intent.ts';
import { ask, makeForeign, readRows, textsOf, type Row } from './rows.ts';
import { judge, problem, type Event, type Problem } from './verdict.ts';
import { strikeBy, weatherFrom, type Strike } from './weather.ts';

/** What happened in a run, and what was wrong with it. */
export type Run = {
  readonly seed: number;
  readonly set: string;
  readonly events: readonly Event[];
  readonly problems: readonly Problem[];
  /** Whether the commands were processes. */
  readonly isProcess: boolean;
  /** Settings that the server did not store, although it said so: told in a notice, and believed until the next plan. */
  readonly told: number;
  readonly believed: number;
};

/** A run of which nothing is known. */
export const EMPTY = { set: '', events: [], isProcess: false, told: 0, believed: 0 };

/** Every so manieth run is one of processes. */
const PROCESSES = 25;

/** The client's patience in milliseconds, with a sandbox and with a real server. */
const PATIENCE = { sandbox: 100, real: 400 };

export function runOnce(seed: number, on?: Server): Promise<Run> {
  const random = randomFrom('campaign', seed);
  const sandbox = { version: pick(random, SANDBOX_VERSIONS), disableCustomKeys: random() < 0.15 };
  return play(async (scene) => {
    const strangers = await makeForeign(scene.server, scene.set);
    try {
      return await live({ scene, seed, random, isReal: on !== undefined }, strangers);
    } catch (error) {
      return { ...EMPTY, seed, problems: [problem('other broken promises', String(error))] };
    } finally {
      if (on !== undefined) await ask(on, '/key/delete', { keys: strangers });
    }
  }, on ?? sandbox);
}

type Life = { readonly scene: Scene; readonly seed: number; readonly random: Random; readonly isReal: boolean };

async function live({ scene, seed, random, isReal }: Life, strangers: readonly string[]): Promise<Run> {
  const isProcess = seed % PROCESSES === 0;
  const person = scene.person();
  const events: Event[] = [];
  const problems: Problem[] = [];
  let [told, believed] = [0, 0];
  const begun = await readRows(scene.server, scene.set);
  let rows = begun;
  let intent = firstIntent(random, scene.set);
  let most = intent.members;
  if (random() < 0.6) rows = await prepare(scene, person, intent);
  for (let left = between(random, 1, 3); left > 0; left -= 1) {
    const command = nextCommand(random, intent);
    await scene.faults.catchUp();
    const event = await suffer({ scene, seed, random, isReal }, person, command, isProcess, `${seed}.${left}`, rows);
    const verdict = judge(scene, person, event);
    rows = event.after;
    events.push(event);
    problems.push(...verdict.problems);
    told += verdict.told;
    believed += verdict.believed;
    ({ intent } = command);
    most = Math.max(most, intent.members);
  }
  const last = events.at(-1)?.command ?? repair(intent);
  const ended = await mend(scene, person, random, { last, most, mayWait: !isReal });
  const [was, is] = [begun, await readRows(scene.server, scene.set)].map((all) => textsOf(all, strangers));
  return {
    seed,
    set: scene.set,
    events,
    isProcess,
    told,
    believed,
    problems: [
      ...problems,
      ...ended,
      ...leaks(scene, person).map((text) => problem('secrets told', text)),
      ...(was ?? []).filter((text, at) => text !== is?.[at]).map((text) => problem('foreign keys touched', text)),
    ],
  };
}

async function prepare(scene: Scene, person: Person, intent: Intent): Promise<readonly Row[]> {
  person.wants(intent.members, intent.fields);
  const { code, stdout, stderr } = await person.vkeys(...repair(intent).argv);
  if (code !== 0) throw new Error(`nothing was wrong, and yet: ${stdout}${stderr}`);
  return readRows(scene.server, scene.set);
}

/** Gives a command in bad weather. */
async function suffer(
  { scene, random, isReal }: Life,
  person: Person,
  command: Command,
  isProcess: boolean,
  seed: string,
  before: readonly Row[],
): Promise<Event> {
  const strikes: Strike[] = [];
  const patience = PATIENCE[isReal ? 'real' : 'sandbox'];
  const weather = weatherFrom(random, command);
  const concurrency = pick(random, ['1', '2', '8']);
  const argv = [...command.argv, '-o', 'json', '--timeout', String(patience / 1000), '--concurrency', concurrency];
  person.wants(command.intent.members, command.intent.fields);
  scene.faults.choose(strikeBy(weather, patience, seed, (strike) => strikes.push(strike)));
  const ended = await (isProcess ? person.start(...argv, '--deadline', '5').ended : person.vkeys(...argv));
  const requests = scene.faults.requests();
  scene.faults.choose(() => null);
  await scene.faults.calm();
  return { command, weather, ended, requests, strikes, before, after: await readRows(scene.server, scene.set) };
}
