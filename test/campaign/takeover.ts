/**
 * A run that stands still in the middle for so long that another one takes its lock for dead, makes two keys more, and is
 * gone again when the first goes on.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Person, Scene } from '../crash/scene.ts';
import type { FaultyServer } from '../support/faults.ts';
import { between, type Random } from '../support/random.ts';
import type { Ground } from './ground.ts';
import { repair, type Command } from './intent.ts';

/** What the other one makes more. */
export const MORE = 2;

type Choose = Parameters<FaultyServer['choose']>[0];

export type Takeover = {
  /** The same faults, but at the request where it happens. */
  readonly choose: (others: Choose) => Choose;
  readonly hasHappened: () => boolean;
};

const TAKEN: ReadonlySet<Command['name']> = new Set([
  'apply',
  'change a field',
  'add keys',
  'rotate',
  'rotate: in the spec',
]);

/** At which request, if at all: only where two share a folder, and what one asks for is not what the other has to take away. */
export function takeoverFrom(random: Random, { machines }: Ground, { name }: Command): number | null {
  const isPossible = machines === 'two with one folder' && TAKEN.has(name);
  return isPossible && random() < 0.5 ? between(random, 1, 6) : null;
}

export function takeOver(scene: Scene, other: Person, { intent }: Command, at: number, { sets }: Ground): Takeover {
  let state: 'before' | 'now' | 'after' = 'before';
  const happen = async (): Promise<void> => {
    state = 'now';
    for (const path of locksOf(other)) rmSync(path, { force: true });
    other.wants(intent.members + MORE, intent.fields, sets);
    const { code, stdout, stderr } = await other.vkeys(...repair(intent).argv, '-o', 'json');
    if (code !== 0) throw new Error(`the other one failed: ${stdout}${stderr} ${scene.set}`);
    state = 'after';
  };
  return {
    choose: (others) => async (request) => {
      if (state === 'now') return null;
      if (state === 'after' || request.number !== at) return others(request);
      await happen();
      return null;
    },
    hasHappened: () => state !== 'before',
  };
}

function locksOf({ folder }: Person): readonly string[] {
  const names = readdirSync(join(folder, 'state'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.jsonl.lock')).map((name) => join(folder, 'state', name));
}
