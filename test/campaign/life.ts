/** Commands about the life of keys: new secrets, later ends, more money, blocked for a while, opened, cleared away. */
import { pick, type Random } from '../support/random.ts';
import type { Moments } from './ground.ts';
import { APPLY, type Command, type Intent } from './intent.ts';

const MINUTE = 60_000;
/** Milliseconds until keys open that are made now: soon, so that a run's end is behind it. */
const OPENS = 2 * MINUTE;
/** How old a secret gets that a spec has replaced; and milliseconds that are longer. */
export const EVERY = 11 * 60 * MINUTE;
export const DUE = EVERY + MINUTE;
/** Milliseconds in which each grace is over, also the one that nobody spoke of. */
export const GRACES = 62 * MINUTE;
/** What `extend` gives, in milliseconds, and `raise`, in US dollars. */
export const [LATER, MORE] = [24 * 60 * MINUTE, 5];

/** What is asked of old secrets. A server whose clock nobody can move is never behind a grace. */
const TERMS: readonly (readonly string[])[] = [[], ['--grace', '30s'], ['--grace', '30s', '--keep-spend']];
const AT_ONCE: readonly (readonly string[])[] = [
  ['--grace', '0'],
  ['--grace', '0', '--keep-spend'],
  ['--leaked'],
  ['--leaked', '--keep-spend'],
];

/** What a person blocks, the spec opens again: the keys work at the end. */
export function lifeCommand(random: Random, intent: Intent, { isMovable, now }: Moments): Command {
  const spec = ['-f', 'spec.yaml'];
  const restored = withFields(intent, { blocked: false });
  const movable = ['rotate: in the spec', 'rotate: in the spec', 'opens: in the spec', 'open', 'gc'] as const;
  const always = ['rotate', 'rotate', 'rotate', 'rotate', 'extend', 'block', 'unblock', 'raise'] as const;
  const name = pick(random, [...always, ...(isMovable ? movable : [])]);
  switch (name) {
    case 'rotate':
      return { name, argv: ['rotate', ...spec, ...pick(random, isMovable ? [...TERMS, ...AT_ONCE] : AT_ONCE)], intent };
    case 'rotate: in the spec': {
      const grace = pick(random, ['0', '10m', null]);
      const rotate = { every: '11h', ...(grace === null ? {} : { grace }) };
      return { name, argv: APPLY, intent: withFields(intent, { rotate }) };
    }
    case 'opens: in the spec': {
      const opens = new Date(now + OPENS).toISOString().replace(/\.\d+Z$/, 'Z');
      return { name, argv: APPLY, intent: withFields({ ...intent, members: intent.members + 1 }, { opens }) };
    }
    case 'extend':
      return { name, argv: ['extend', ...spec, '--by', '1d'], intent };
    case 'raise':
      return { name, argv: ['raise', ...spec, '--max-budget', `+${String(MORE)}`], intent };
    case 'block':
    case 'unblock':
      return { name, argv: [name, ...spec], intent: restored };
    case 'open':
      return { name, argv: ['open', ...spec], intent };
    case 'gc':
      return { name, argv: ['gc', ...spec, '--yes', '--max-deletions', '100%'], intent };
  }
}

function withFields(intent: Intent, fields: Intent['fields']): Intent {
  return { ...intent, fields: { ...intent.fields, ...fields } };
}
