import { refuse, Refused } from './answers.ts';
import { findMembership } from './memberships.ts';
import type { Row, Server, StoredKey } from './state.ts';

/** Books a call on the key and all its owners. Spend is there at once, while LiteLLM writes it some seconds later. */
export function charge(server: Server, key: StoredKey, cost: number): void {
  const now = server.now();
  key.updated_at = now.toISOString();
  if ('last_active' in key) key.last_active = now.toISOString();
  server.calls.set(key.token, [...(server.calls.get(key.token) ?? []), now.getTime()]);
  const [team, user] = [String(key.team_id), String(key.user_id)];
  const payers = [key, server.teams.get(team), server.users.get(user), findMembership(server, team, user)];
  for (const payer of payers) if (payer !== undefined) pay(payer, cost);
}

function pay(row: Row, cost: number): void {
  const more = (spend: unknown): number => Number((Number(spend ?? 0) + cost).toFixed(6));
  row.spend = more(row.spend);
  if ('total_spend' in row) row.total_spend = more(row.total_spend);
}

/** Counts the calls of the last minute against the `rpm_limit` of the key, its user and its team. */
export function checkRates(server: Server, key: StoredKey): void {
  const { team_id: team, user_id: user, token } = key;
  check(server, 'api_key', token, key, [key]);
  const ofSame = (name: 'user_id' | 'team_id'): StoredKey[] =>
    [...server.keys.values()].filter((other) => other[name] === key[name]);
  if (user !== null) check(server, 'user', user, server.users.get(user), ofSame('user_id'));
  if (team !== null) check(server, 'team', team, server.teams.get(team), ofSame('team_id'));
}

function check(server: Server, who: string, id: string, row: Row | undefined, keys: readonly StoredKey[]): void {
  const limit = row?.rpm_limit;
  if (typeof limit !== 'number') return;
  const now = server.now().getTime();
  const calls = keys.flatMap((key) => server.calls.get(key.token) ?? []);
  const recent = calls.filter((time) => time > now - 60_000).length;
  if (recent >= limit) throw tooMany(server, who, id, { recent, limit });
}

const MOST = '9223372036854775807';

function tooMany({ facts, now }: Server, who: string, id: string, { recent, limit }: Record<string, number>): Refused {
  const typed = facts.rateLimit === 'typed';
  const reset = `${new Date(now().getTime() + 60_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const text =
    facts.rateLimit === 'legacy'
      ? `LiteLLM Rate Limit Handler for rate limit type = ${who === 'api_key' ? 'key' : who}. Crossed TPM / RPM / Max ` +
        `Parallel Request Limit. current rpm: ${recent}, rpm limit: ${limit}, current tpm: 30, tpm limit: ${MOST}, ` +
        `current max_parallel_requests: 0, max_parallel_requests: ${MOST}`
      : `Rate limit exceeded for ${who}: ${id}. Limit type: requests. Current limit: ${limit}, Remaining: 0. Limit resets at: ${reset}`;
  const { answer } = refuse(429, typed ? 'throttling_error' : 'None', text, typed ? null : 'None');
  return new Refused({ ...answer, headers: { 'retry-after': '60' } });
}
