import { firstOf } from '../base/first-of.ts';
import type { Notice } from '../model/plan.ts';
import type { Spec } from '../model/spec.ts';

/** A server that rotates a key's secret tells nobody the new one: its hand-outs go stale. */
export function rotationNotices({ desired, deliver }: Pick<Spec, 'desired' | 'deliver'>): readonly Notice[] {
  const rotated = desired.filter(({ state, settings }) => state === 'present' && settings['auto_rotate'] === true);
  const [first] = rotated;
  if (first === undefined || deliver.length === 0) return [];
  const names = firstOf(rotated.map(({ ref }) => ref.name));
  return [
    {
      code: 'delivery',
      ref: rotated.length === 1 ? first.ref : null,
      message: `The server rotates ${names} by itself (auto_rotate) and tells nobody the new secret: the hand-outs will go stale.`,
      hint: 'Take auto_rotate out, or the delivery of these keys.',
    },
  ];
}
