/** Plans from small values: what is wanted, what the server has, what the keyring knows. */
import type { Secret } from '../../src/base/secret.ts';
import type { KeyringState, Line } from '../../src/model/keyring.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { Survey } from '../../src/model/survey.ts';
import { makePlan, type Made, type PlanChoices } from '../../src/plan/make.ts';
import { replay } from '../../src/secrets/journal.ts';
import { after, KINDS, live, PLAIN, secretFor, SET, survey } from '../support/make.ts';

/** A secret that somebody knows, and its key's id. */
export function key(name: string): { readonly secret: Secret; readonly id: string } {
  const secret = secretFor(name);
  return { secret, id: secret.hash() };
}

/** A live key of the set whose secret `made` minted. */
export function liveKey(name: string, fields: Partial<Live> = {}): Live {
  return live({ name, id: key(name).id, ...fields });
}

/** The lines of keys that were finished so many seconds from `NOW`: an hour before it, if not given. */
export function made(names: readonly string[], expires: string | null = null, seconds = -3600): readonly Line[] {
  return names.flatMap((name): Line[] => [...minted(name, seconds), { op: 'done', key_id: key(name).id, expires }]);
}

/** The lines of a key whose creation was not finished. */
export function minted(name: string, seconds = -3600): readonly Line[] {
  const { secret, id } = key(name);
  return [{ op: 'mint', key_id: id, name, secret, at: after(seconds) }];
}

export type Case = Partial<PlanChoices> & {
  readonly wanted?: readonly Desired[];
  readonly lives?: readonly Live[];
  readonly lines?: readonly Line[];
  readonly survey?: Partial<Survey>;
  readonly isNamed?: boolean;
  readonly keyring?: KeyringState;
};

export function makeFor({
  wanted = [],
  lives = [],
  lines = [],
  survey: more = {},
  isNamed = true,
  ...rest
}: Case): Made {
  const { keyring = replay(lines), ...choices } = rest;
  const intent = { set: SET, isNamed, state: 'present', desired: wanted } as const;
  const surveys = new Map([['key', survey(lives, more)]]);
  return makePlan(intent, { surveys, kinds: KINDS, keyring, version: '1.108.7' }, { ...PLAIN, ...choices });
}

/** What a reader sees first: changes, refusals and notices, each with what it is about. */
export type Gist = Partial<Record<'changes' | 'refusals' | 'notices', readonly string[]>>;

export function gistOf({ changes, refusals, notices }: Plan): Gist {
  const heads = (all: Plan['notices']): readonly string[] =>
    all.map(({ code, ref }) => (ref === null ? code : `${code} ${ref.name}`));
  const all = {
    changes: changes.map(({ action, ref }) => `${action} ${ref.name}`),
    refusals: heads(refusals),
    notices: heads(notices),
  };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each.length > 0));
}

export function planOf(one: Case): Plan {
  return makeFor(one).plan;
}
