/**
 * Fields that name another thing. LiteLLM wants its id there; a spec may say its name instead, under the word that stands
 * here: `team: research`.
 */
import type { Kind } from '../model/ref.ts';

export type Reference = { readonly word: 'team' | 'user' | 'budget'; readonly field: string; readonly kind: Kind };

export const REFERENCES: readonly Reference[] = [
  { word: 'team', field: 'team_id', kind: 'team' },
  { word: 'user', field: 'user_id', kind: 'user' },
  { word: 'budget', field: 'budget_id', kind: 'budget' },
];
