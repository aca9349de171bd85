/** Hand-outs of keys that are gone. */
import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/model/keyring.ts';
import { key, liveKey, made, minted, planOf } from './planned.ts';

const place = { sink: 'dotenv', path: '/secrets/a.env' };
const placed: Line = { op: 'placed', key_id: key('a').id, place };
const deleting: Line = { op: 'deleting', key_id: key('a').id };

describe('a hand-out is taken back', () => {
  it.each<[string, readonly Line[], boolean]>([
    ['of a key that is gone', made(['a']), true],
    ['not while the creation of the key may still come', minted('a', -60), false],
    ['when it may come no more', minted('a', -7200), true],
    ['of a key that a cut run deleted, and an earlier one had not finished', [...minted('a', -60), deleting], true],
  ])('%s', (_, lines, isTaken) => {
    const { withdrawals } = planOf({ lines: [...lines, placed] });
    expect(withdrawals.map(({ places }) => places)).toEqual(isTaken ? [[place]] : []);
  });

  it('and what is to be taken says when another server has the same key', () => {
    const { withdrawals } = planOf({ lines: [...made(['a']), { op: 'apart', key_id: key('a').id }, placed] });
    expect(withdrawals.map(({ apart }) => apart)).toEqual([true]);
  });

  it('not of a key that is there', () => {
    expect(planOf({ lives: [liveKey('a')], lines: [...minted('a', -60), placed, deleting] }).withdrawals).toEqual([]);
  });
});
