/** Everything that reads what others wrote. */
import * as fc from 'fast-check';
import { ANSWERS } from './answers.ts';
import { BOMBS } from './bombs.ts';
import { HANDOUTS } from './handouts.ts';
import { SPECS } from './specs.ts';
import { assert, target, type Target } from './target.ts';
import { WORDS } from './words.ts';

export const TARGETS: Readonly<Record<string, Target>> = { ...SPECS, ...BOMBS, ...HANDOUTS, ...WORDS, ...ANSWERS };

/** Its second input is one too many. */
function faulty(fail: () => void): Target {
  let fed = 0;
  const check = (): void => {
    fed += 1;
    if (fed === 2) fail();
  };
  return target({ inputs: fc.nat(), check, share: 0 });
}

/** Readers that fail, each in its way, to see that this is seen. */
export const FAULTY: Readonly<Record<string, Target>> = {
  'a reader that throws': faulty(() => assert(false, 'thrown')),
  'a reader that never ends': faulty(() => {
    for (;;);
  }),
  'a reader that fills the memory': faulty(() => {
    const numbers = Array.from({ length: 1_000_000 }, () => 0.5);
    for (const kept: unknown[] = []; ; kept.push([...numbers]));
  }),
};
