import { variable } from '../base/variables.ts';
import type { Look } from '../view/look.ts';
import type { Console, Output } from './console.ts';

/** How a stream will be read: colours only on a terminal, unless NO_COLOR, FORCE_COLOR or --no-color say otherwise. */
export function lookOf(console: Console, stream: Output, flags: { readonly color: boolean }): Look {
  return {
    color: colorOf(console, stream, flags.color),
    columns: stream.columns,
    now: console.now(),
    cwd: console.cwd,
  };
}

function colorOf({ env }: Console, stream: Output, isWanted: boolean): Look['color'] {
  if (!isWanted || variable(env, 'NO_COLOR') !== undefined || variable(env, 'TERM') === 'dumb') return 0;
  const forced = variable(env, 'FORCE_COLOR');
  if (forced !== undefined)
    return forced === '0' || forced === 'false' ? 0 : forced === '3' ? 3 : forced === '2' ? 2 : 1;
  return stream.isTTY ? 1 : 0;
}
