import type { Command } from '@commander-js/extra-typings';
import type { World } from './world.ts';

export function addCompletion(_program: Command, _world: World, _end: (code: number) => void): void {
  return;
}
