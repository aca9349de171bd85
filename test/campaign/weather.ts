/** What the way to the server is like during one command: which faults strike, where, and how often. */
import type { Fault, Passing } from '../support/faults.ts';
import { pick, randomFrom, type Random } from '../support/random.ts';
import type { Command } from './intent.ts';

const CREATES = /^\/key\/generate$/;
const SETTINGS = /^\/key\/(generate|update)$/;
const LISTS = /^\/key\/list$/;
const CHANGES = /^\/key\/(generate|update|delete)$/;

type Struck = Fault & {
  /** The routes where it can be, if that is not everywhere. */
  readonly on?: RegExp;
};

/** `before` and `after` are in parts of the time that the client waits for an answer. */
const KINDS = {
  'closed at accept': { work: 'never', answer: 'shut' },
  'nobody accepts': { work: 'never', answer: 'down', lasts: 300 },
  'nobody accepts, after the work': { work: 'done', answer: 'down', lasts: 1500 },
  'reset before the work': { work: 'never', answer: 'reset' },
  'reset after the work': { work: 'done', answer: 'reset' },
  'half of the answer': { work: 'done', answer: 'half' },
  'silence before the work': { work: 'never', answer: 'silence' },
  'silence after the work': { work: 'done', answer: 'silence' },
  'silence, work done later': { work: 'later', answer: 'silence', on: CREATES },
  'a delay': { work: 'done', answer: 'whole', before: 0.1, after: 0.1 },
  'heard too late': { work: 'done', answer: 'whole', before: 2 },
  'answered too late': { work: 'done', answer: 'whole', after: 2 },
  '429': { work: 'never', answer: 429, retryAfter: null },
  '429 with Retry-After': { work: 'never', answer: 429, retryAfter: '2' },
  '500 before the work': { work: 'never', answer: 500 },
  '500 after the work': { work: 'done', answer: 500 },
  '502 in HTML before the work': { work: 'never', answer: 502 },
  '502 in HTML after the work': { work: 'done', answer: 502 },
  '503 before the work': { work: 'never', answer: 503 },
  '503 with Retry-After': { work: 'never', answer: 503, retryAfter: 'Sat, 21 Nov 2026 10:00:02 GMT' },
  '503 after the work': { work: 'done', answer: 503 },
  '504 in HTML before the work': { work: 'never', answer: 504, retryAfter: '0.5' },
  '504 in HTML after the work': { work: 'done', answer: 504 },
  '200 in HTML before the work': { work: 'never', answer: 'page' },
  '200 in HTML after the work': { work: 'done', answer: 'page' },
  '200 without a body before the work': { work: 'never', answer: 'empty' },
  '200 without a body after the work': { work: 'done', answer: 'empty' },
  'redirect 301': { work: 'never', answer: 301 },
  'redirect 302': { work: 'never', answer: 302 },
  'redirect 302 after the work': { work: 'done', answer: 302 },
  'redirect 307': { work: 'never', answer: 307 },
  'a setting only echoed': { work: 'done', answer: 'lie', on: SETTINGS },
  'all only echoed': { work: 'never', answer: 'echo', on: CHANGES },
  'a list without a row': { work: 'done', answer: 'short', on: LISTS },
} as const satisfies Readonly<Record<string, Struck>>;

export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];
const LIES: readonly Kind[] = ['a setting only echoed', 'all only echoed'];
/** A key that is in no list is found by its hash alone, so by nobody whose keyring does not have it. */
export const SHORT: Kind = 'a list without a row';

/** Where a command can be hit, besides everywhere. */
const MAKING = [['/key/generate'], ['/key/generate', '/key/info'], ['/key/list'], ['/v1/models']];
const TURNING = [
  ['/key/generate'],
  ['/key/update'],
  ['/key/update', '/key/list'],
  ['/key/delete'],
  ['/v1/models'],
  ['/key/info'],
];
const PATCHING = [['/key/update'], ['/key/update', '/key/info'], ['/key/list']];
const ENDING = [['/key/delete'], ['/key/delete', '/key/list'], ['/key/list']];
const ROUTES: Readonly<Record<Command['name'], readonly (readonly string[])[]>> = {
  apply: MAKING,
  'add keys': MAKING,
  'opens: in the spec': MAKING,
  'change a field': PATCHING,
  extend: PATCHING,
  block: PATCHING,
  unblock: PATCHING,
  raise: PATCHING,
  open: PATCHING,
  rotate: TURNING,
  'rotate: in the spec': TURNING,
  prune: ENDING,
  delete: ENDING,
  gc: ENDING,
};

/** So often in a command the client waits in vain: a storm of silence tells no more than a few of it, and lasts. */
const SLOW = 8;

/** How likely a request is struck. */
const STRENGTHS = { 'a few': 0.1, squalls: 0.3, rough: 0.6, storm: 1 } as const;

export type Weather = {
  readonly strength: keyof typeof STRENGTHS;
  readonly kinds: readonly Kind[];
  /** Where it is; `null` is everywhere. */
  readonly routes: readonly string[] | null;
  /** So many requests pass on each route before it begins. */
  readonly calm: number;
};

/** A fault that struck. `field` is the setting that was only echoed, `*` all of them. */
export type Strike = {
  readonly kind: Kind;
  readonly path: string;
  readonly number: number;
  readonly field: string | null;
};

/** `isKnown`: the keyring has all keys of the sets. */
export function weatherFrom(random: Random, { name }: Command, isKnown: boolean): Weather {
  const few = [pick(random, KIND_NAMES), pick(random, KIND_NAMES), pick(random, KIND_NAMES)];
  return {
    strength: pick(random, ['a few', 'squalls', 'rough', 'storm']),
    kinds: pick(random, [KIND_NAMES, KIND_NAMES, few, few, few.slice(0, 1), LIES, [SHORT]]).filter(
      (kind) => isKnown || kind !== SHORT,
    ),
    routes: random() < 0.6 ? pick(random, ROUTES[name]) : null,
    calm: pick(random, [0, 0, 1, 2]),
  };
}

function canBe(kind: Kind, path: string): boolean {
  const { on }: Struck = KINDS[kind];
  return on?.test(path) !== false;
}

/**
 * Chooses the fault of each request. Each route's n-th request has chance of its own, so that requests which overtake
 * each other do not change what becomes of the others. The client waits `patience` milliseconds for an answer.
 */
export function strikeBy(weather: Weather, patience: number, seed: string, struck: (strike: Strike) => void) {
  const passed = new Map<string, number>();
  let slow = 0;
  return ({ number, method, path, fields }: Passing): Fault | null => {
    const nth = (passed.get(path) ?? 0) + 1;
    passed.set(path, nth);
    if (weather.routes?.includes(path) === false || nth <= weather.calm) return null;
    const random = randomFrom(seed, method, path, nth);
    if (random() >= STRENGTHS[weather.strength]) return null;
    const kinds = weather.kinds.filter((name) => canBe(name, path));
    if (kinds.length === 0) return null;
    const kind = pick(random, kinds);
    const { on: _, before = 0, after = 0, ...others }: Struck = KINDS[kind];
    const isSlow = others.answer === 'silence' || before + after > 1;
    if (isSlow) slow += 1;
    if (isSlow && slow > SLOW) return null;
    const fault = { ...others, before: before * patience, after: after * patience };
    /* By its user the campaign finds a key again; one that lost its mark is a stranger's, and told so until somebody looks. */
    const settings = fields.filter((name) => !['key', 'metadata', 'user_id'].includes(name));
    if (fault.answer === 'lie' && settings.length === 0) return null;
    const field = fault.answer === 'lie' ? pick(random, settings) : null;
    struck({ kind, path, number, field: fault.answer === 'echo' ? '*' : field });
    return field === null ? fault : { ...fault, field };
  };
}
