/** Seats and codes for those who have none yet. */
import { Secret } from '../base/secret.ts';
import { CODE_BYTES, makeCode } from './code.ts';
import type { Line, Seat } from './keyring.ts';

/** `renews`: whether the key with this name gets another code than it has. */
type Renewal = {
  readonly renews: (name: string) => boolean;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: Date;
};

/** Codes for those who have none yet, or are to have another: a seat is kept, and a new one is the next that nobody had. */
export function newCodes(
  names: readonly string[],
  codes: ReadonlyMap<string, Seat>,
  { renews, randomBytes, now }: Renewal,
): readonly Line[] {
  const at = now.toISOString();
  let last = Math.max(0, ...[...codes.values()].map(({ seat }) => seat));
  return names.flatMap((name): Line[] => {
    const known = codes.get(name);
    if (known !== undefined && !renews(name)) return [];
    const seat = known?.seat ?? (last += 1);
    return [{ op: 'code', name, seat, code: new Secret(makeCode(seat, randomBytes(CODE_BYTES)).text), at }];
  });
}
