/** A command, and what came of it. */
import { readKeyring, useless, type Begun } from '../crash/promise.ts';
import type { Person, Scene } from '../crash/scene.ts';
import type { Ended } from '../support/process.ts';
import type { Command } from './intent.ts';
import { idOf, readRows, type Row } from './rows.ts';
import type { Strike, Weather } from './weather.ts';

/** How things stood when the command was given. */
export type Standing = {
  /** The server's rows, all of them. */
  readonly before: readonly Row[];
  /** The server's time, in milliseconds. */
  readonly at: number;
  /** Rotations that were not over, by the id of the old key. */
  readonly begun: ReadonlyMap<string, Begun>;
  /** Whether all that was handed out opened something. */
  readonly isUseful: boolean;
};

export type Event = Standing & {
  readonly command: Command;
  /** `null` is fair. */
  readonly weather: Weather | null;
  readonly ended: Ended;
  readonly after: readonly Row[];
  readonly requests: readonly string[];
  readonly strikes: readonly Strike[];
  /** Whether another run took the keyring over in the middle. */
  readonly isTaken: boolean;
  /** Whether there is one keyring, so that nothing is known elsewhere. */
  readonly isAlone: boolean;
};

export async function standing(scene: Scene, { folder }: Person): Promise<Standing> {
  const before = await readRows(scene.server, scene.set);
  return {
    before,
    at: scene.now().getTime(),
    begun: readKeyring(folder).rotations,
    isUseful: useless(folder, new Set(before.map(idOf))).length === 0,
  };
}
