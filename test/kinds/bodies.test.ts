import { describe, expect, it } from 'vitest';
import { createBody, replacesMetadata, updateBody } from '../../src/kinds/bodies.ts';
import type { FieldChange } from '../../src/model/model.ts';
import { after, desired, live, NOW, SET } from '../support/make.ts';

describe('the body of a create', () => {
  it('has what is wanted and our mark, and nothing that is cleared', () => {
    const wanted = desired({
      settings: { models: ['m'], tags: [], max_budget: null, blocked: false },
      metadata: { team: 'x', gone: null },
      lifetime: { duration: '1d' },
      extra: { new_field: 1 },
    });
    expect(createBody(wanted, { set: SET }, NOW)).toEqual({
      new_field: 1,
      key_alias: 'a',
      models: ['m'],
      duration: '86400s',
      metadata: { team: 'x', vkeys: { set: SET } },
    });
  });

  it.each([
    ['no lifetime', desired()],
    ['no end', desired({ lifetime: 'never' })],
  ])('has no duration for %s', (_, wanted) => {
    expect(createBody(wanted, { set: SET }, NOW)).not.toHaveProperty('duration');
  });
});

describe('the body of an update', () => {
  const found = live({ metadata: { vkeys: { set: SET }, foreign: 1, model_rpm_limit: { m: 1 } } });
  const change = (field: string, to: FieldChange['to']): FieldChange => ({ field, from: null, to });

  it.each<[string, FieldChange, object]>([
    ['only the field that differs', change('max_budget', 10), { max_budget: 10 }],
    ['null for a cleared number', change('max_budget', null), { max_budget: null }],
    ['an empty list for a cleared list', change('models', null), { models: [] }],
    ['an empty object for a cleared object', change('aliases', null), { aliases: {} }],
    ['what is left of an end, in seconds', change('expires', after(90)), { duration: '90s' }],
    ['at least a second', change('expires', after(-5)), { duration: '1s' }],
    ['null for no end', change('expires', null), { duration: null }],
    [
      'a limit that lives in the metadata by itself',
      change('model_tpm_limit', { m: 2 }),
      { model_tpm_limit: { m: 2 } },
    ],
    ['nothing for what is no field', change('set', 'other'), {}],
  ])('has %s', (_, one, body) => {
    expect(updateBody([one], found, null, NOW)).toEqual(body);
    expect(replacesMetadata([one])).toBe(false);
  });

  it('has the other half of a pair that the server wants together', () => {
    const half = live({ settings: { temp_budget_increase: 1, temp_budget_expiry: '2027-01-01T00:00:00' } });
    expect(updateBody([change('temp_budget_increase', 2)], half, null, NOW)).toEqual({
      temp_budget_increase: 2,
      temp_budget_expiry: '2027-01-01T00:00:00',
    });
    const both = [change('temp_budget_increase', 2), change('temp_budget_expiry', '2028-01-01T00:00:00')];
    expect(updateBody(both, live(), null, NOW)).toEqual({
      temp_budget_increase: 2,
      temp_budget_expiry: '2028-01-01T00:00:00',
    });
  });

  it('has the whole metadata when one member changes, goes, or lives there and is cleared', () => {
    const changes = [change('metadata.team', 'x'), change('metadata.foreign', null), change('model_rpm_limit', null)];
    expect(updateBody(changes, found, null, NOW)).toEqual({ metadata: { vkeys: { set: SET }, team: 'x' } });
    expect(changes.map((one) => replacesMetadata([one]))).toEqual([true, true, true]);
  });

  it('has the mark of an adopted key beside what was in its metadata', () => {
    const foreign = live({ mark: null, metadata: { theirs: 1 } });
    expect(updateBody([], foreign, { set: SET }, NOW)).toEqual({ metadata: { theirs: 1, vkeys: { set: SET } } });
  });
});
