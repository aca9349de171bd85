/** Waits until every place of a spec's keys has what it should: some take a while until they show what they were given. */
import type { Spec } from '../model/spec.ts';
import { lookAtPlaces } from '../run/deliver-kept.ts';
import { isCurrent, lookedText } from '../view/places.ts';
import type { Console } from './console.ts';
import { EXITS } from './exit-codes.ts';
import { contextOf } from './listen.ts';
import { lookOf } from './look.ts';
import type { Globals } from './options.ts';
import { specOptions } from './spec-options.ts';

/** Milliseconds between two looks, and in all unless there is a --deadline. */
const PAUSE = 2000;
const PATIENCE = 300_000;

/** 0 when all have it; 5 when time is over, with what is missing on stderr. */
export async function waitForPlaces(console: Console, options: Globals, specs: readonly Spec[]): Promise<number> {
  const context = contextOf(console, { ...options, ...specOptions({}) });
  const end = console.now().getTime() + (options.deadline ?? PATIENCE);
  for (;;) {
    const looked = await lookAtPlaces(context, specs);
    const missing = looked.filter((each) => each.isKnown && !isCurrent(each));
    if (missing.length === 0) return 0;
    if (console.stop.aborted || console.now().getTime() + PAUSE > end) {
      console.stderr.write(lookedText(missing, lookOf(console, console.stderr, options)));
      return EXITS.partly.code;
    }
    await console.sleep(PAUSE, console.stop);
  }
}
