/** Codes of people, for runs whose deliveries say them. */
import type { Work } from '../apply/ports.ts';
import { saysCode } from '../model/delivery.ts';
import { newCodes } from '../model/new-codes.ts';
import type { Spec } from '../model/spec.ts';
import type { World } from './world.ts';

/** What hands out seats; nothing where no delivery says a code. */
export function seating(
  { deliver }: Pick<Spec, 'deliver'>,
  { randomBytes, now }: Pick<World, 'randomBytes' | 'now'>,
): Pick<Work, 'seat'> {
  if (!deliver.some(saysCode)) return {};
  return { seat: (names, codes) => newCodes(names, codes, { renews: () => false, randomBytes, now: now() }) };
}
