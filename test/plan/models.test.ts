import { expect, it } from 'vitest';
import { newModels, unknownModels, unknownModelsText } from '../../src/plan/models.ts';
import type { Change } from '../../src/model/change.ts';
import { desired, live, plan } from '../support/make.ts';

const giving = (models: readonly string[] | null): Change => ({
  action: 'update',
  ref: { kind: 'key', name: 'a' },
  takes: [],
  fields: [
    { field: 'models', from: null, to: models },
    { field: 'max_budget', from: null, to: 1 },
  ],
  reason: null,
  desired: desired(),
  live: live(),
});

it('collects the models that a plan newly gives, each once, and none of a key that goes', () => {
  const gone: Change = {
    action: 'delete',
    because: 'pruned',
    ref: { kind: 'key', name: 'a' },
    takes: [],
    fields: giving(['z']).fields,
    reason: null,
    desired: null,
    live: live(),
  };
  expect(newModels(plan([giving(['b', 'a']), giving(['a']), giving(null), gone]), new Map())).toEqual(['a', 'b']);
});

it('lets wildcards and the names that LiteLLM itself understands pass', () => {
  const names = ['gpt-4o', 'openai/*', '*', 'all-proxy-models', 'all-team-models', 'no-default-models', 'gtp-4o'];
  expect(unknownModels(names, ['gpt-4o'])).toEqual(['gtp-4o']);
});

it('names what was probably meant', () => {
  expect(unknownModelsText(['gpt-4o-mni', 'x'], ['gpt-4o-mini'])).toBe(
    'The server does not offer the model gpt-4o-mni. Did you mean gpt-4o-mini?\nThe server does not offer the model x.',
  );
});
