import type { Kinds } from '../model/kind.ts';
import { KEY } from './key.ts';

/** All kinds that a spec can have. */
export const KINDS: Kinds = new Map([KEY].map((facts) => [facts.kind, facts]));
