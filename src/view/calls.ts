import type { KeyCalls } from '../model/usage.ts';
import { count, dollars } from './value.ts';

/** What a command called, in one line: `12 calls, 0.04 US dollars, 3 refused, as of 09:00:03 UTC`. `key_id`: by which more is told later. */
export function callsText({ calls, refused, spend }: KeyCalls, key_id: string, now: Date): string {
  if (calls + refused === 0) return `No call is counted yet. Later: vkeys usage --key ${key_id.slice(0, 12)}`;
  const others = refused === 0 ? '' : `, ${String(refused)} refused`;
  return `${count(calls, 'call')}, ${dollars(spend)} US dollars${others}, as of ${now.toISOString().slice(11, 19)} UTC`;
}
