import type { Kinds } from '../model/kind.ts';
import { BUDGET } from './budget.ts';
import { KEY } from './key.ts';
import { MEMBER } from './member.ts';
import { TEAM } from './team.ts';
import { USER } from './user.ts';

/** All kinds that a spec can have. */
export const KINDS: Kinds = new Map([BUDGET, USER, TEAM, MEMBER, KEY].map((facts) => [facts.kind, facts]));
