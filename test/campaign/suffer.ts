/** A command that is given in bad weather, and what came of it. */
import type { Person, Scene } from '../crash/scene.ts';
import { pick, type Random } from '../support/random.ts';
import { standing, type Event } from './event.ts';
import type { Ground } from './ground.ts';
import { isBySpec, type Command } from './intent.ts';
import { readRows } from './rows.ts';
import { MORE, takeOver, takeoverFrom } from './takeover.ts';
import { strikeBy, weatherFrom, type Strike } from './weather.ts';

/** What a run is like, from its beginning to its end. */
export type Life = {
  readonly scene: Scene;
  readonly seed: number;
  readonly random: Random;
  readonly ground: Ground;
  readonly isReal: boolean;
  readonly isProcess: boolean;
  /** Whether a secret is known before its key is made. */
  readonly isKnown: boolean;
};

/** The client's patience in milliseconds, with a sandbox and with a real server. */
const PATIENCE = { sandbox: 100, real: 400 };

/** `more`: what commands that make keys are told besides. `isAlone`: there is one keyring, and one address. */
export async function suffer(
  { scene, random, ground, isReal, isProcess, isKnown }: Life,
  [person, other]: readonly Person[],
  command: Command,
  seed: string,
  { more, isAlone }: { readonly more: readonly string[]; readonly isAlone: boolean },
): Promise<Event> {
  if (person === undefined) throw new Error('nobody is there');
  const strikes: Strike[] = [];
  const patience = PATIENCE[isReal ? 'real' : 'sandbox'];
  const weather = weatherFrom(random, command, isKnown && isAlone);
  const concurrency = pick(random, ['1', '2', '8']);
  const anew = isBySpec(command) ? more : [];
  const always = ['-o', 'json', '--timeout', String(patience / 1000), '--concurrency', concurrency];
  const argv = [...command.argv, ...anew, ...always];
  person.wants(command.intent.members, command.intent.fields, ground.sets);
  const began = await standing(scene, person);
  const strike = strikeBy(weather, patience, seed, (each) => strikes.push(each));
  const at = isProcess || other === undefined ? null : takeoverFrom(random, ground, command);
  const taken = at === null || other === undefined ? null : takeOver(scene, other, command, at, ground);
  scene.faults.choose(taken?.choose(strike) ?? strike);
  const ended = await (isProcess ? person.start(...argv, '--deadline', '5').ended : person.vkeys(...argv));
  const requests = scene.faults.requests();
  scene.faults.choose(() => null);
  await scene.faults.calm();
  const isTaken = taken?.hasHappened() === true;
  const { intent } = command;
  const wished = isTaken ? { ...command, intent: { ...intent, members: intent.members + MORE } } : command;
  const after = await readRows(scene.server, scene.set);
  return { command: wished, weather, ended, requests, strikes, after, isTaken, isAlone, ...began };
}
