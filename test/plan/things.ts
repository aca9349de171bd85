/** Things of every kind, for plans: what is wanted, what is there, and what goes. */
import { KINDS } from '../../src/kinds/kinds.ts';
import type { Deletion } from '../../src/model/change.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { Surveys } from '../../src/model/survey.ts';
import { deletion } from '../../src/plan/deletion.ts';
import { desired, live, survey } from '../support/make.ts';

type Of = Partial<Omit<Live, 'name'>> & { readonly name?: string };

/** One that is there, of nobody. */
export function thing(kind: string, id: string, fields: Of = {}): Live {
  return live({ kind, id, name: id, mark: null, ...fields });
}

export function wish(kind: string, name: string, fields: Partial<Desired> = {}): Desired {
  return desired({ ref: { kind, name }, ...fields });
}

export function gone(each: Live): Deletion {
  return deletion({ kind: each.kind, name: each.name ?? '' }, each, 'absent', 'state: absent');
}

/** All that the server has. */
export function seen(...lives: readonly Live[]): Surveys {
  const of = (kind: string): readonly Live[] => lives.filter((each) => each.kind === kind);
  return new Map([...KINDS.keys()].map((kind) => [kind, survey(of(kind), { kind, listed: null })]));
}
