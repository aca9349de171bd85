import type { Row, Server, StoredKey } from './state.ts';

/**
 * What a running process still believes of rows that were changed without telling it. It keeps what it has read for a
 * minute; on 1.65.8 each look at it begins that minute anew, so that whoever is in use never learns.
 */
export type Beliefs = Map<string, { readonly row: Row; until: number }>;

/** A team by its id, a deleted key by its hash, or the budget that a key, by its hash, names. */
type Kind = 'team' | 'key' | 'budget';

const MINUTE = 60_000;

/** Keeps a row as it is now: to be called before the change. What is believed already is not refreshed by that. */
export function believe(server: Server, kind: Kind, id: string, row: Row): void {
  if (current(server, kind, id) !== undefined) return;
  server.beliefs.set(`${kind} ${id}`, { row: { ...row }, until: server.now().getTime() + MINUTE });
}

/** The row as calls still see it; undefined where they see what is there. */
export function believed(server: Server, kind: Kind, id: string): Row | undefined {
  const belief = current(server, kind, id);
  if (belief !== undefined && server.facts.renewsBeliefs) belief.until = server.now().getTime() + MINUTE;
  return belief?.row;
}

function current({ beliefs, now }: Server, kind: Kind, id: string) {
  const belief = beliefs.get(`${kind} ${id}`);
  return belief !== undefined && belief.until > now().getTime() ? belief : undefined;
}

/** Ends what is believed: who changes a row through a route that tells the process. */
export function tell({ beliefs }: Server, kind: Kind, id: string): void {
  beliefs.delete(`${kind} ${id}`);
}

/** Whether the process has looked at a key within the last minute, and so has it in memory. */
export function isCached({ seen, now }: Server, hash: string): boolean {
  return (seen.get(hash) ?? 0) > now().getTime() - MINUTE;
}

/** Lets the keys that name a budget, and are in memory, go on with it as it is: to be called before it changes. */
export function believeBudget(server: Server, id: string, budget: Row): void {
  for (const key of server.keys.values()) {
    if (key.budget_id === id && isCached(server, key.token)) believe(server, 'budget', key.token, budget);
  }
}

/** Lets a key that is deleted with its owner go on working, where this version forgets to tell the process. */
export function linger(server: Server, key: StoredKey): void {
  if (server.facts.lingeringKeys && isCached(server, key.token)) believe(server, 'key', key.token, key);
}

export function lingering(server: Server, hash: string): StoredKey | undefined {
  // oxlint-disable-next-line no-unsafe-type-assertion -- `linger` keeps rows of keys under this kind
  return believed(server, 'key', hash) as StoredKey | undefined;
}
