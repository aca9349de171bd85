import type { Spec } from '../model/spec.ts';

/** The specs, as if they said `state: absent` of all that they name. */
export function absent(specs: readonly Spec[]): readonly Spec[] {
  return specs.map((spec) => ({
    ...spec,
    state: 'absent' as const,
    desired: spec.desired.map((desired) => ({ ...desired, state: 'absent' as const })),
  }));
}
