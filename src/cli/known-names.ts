import { withSessions } from '../run/open.ts';
import { keyringChoice } from '../run/keyrings.ts';
import { streamThings, type ListedKind } from '../litellm/list-things.ts';
import { listModels } from '../litellm/models.ts';
import { streamKeys } from '../litellm/survey.ts';
import { readInventory } from '../secrets/inventory.ts';
import type { Console } from './console.ts';
import type { Globals } from './options.ts';

/** Nobody waits longer for a suggestion, in milliseconds. */
const PATIENCE = 2000;

/** What no shell expands and no terminal obeys: a shell may evaluate the words that it is offered, and names are anybody's. */
const HARMLESS = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

const OPTIONS: Globals = {
  timeout: PATIENCE,
  deadline: PATIENCE,
  concurrency: 4,
  header: {},
  secrets: false,
  color: false,
  quiet: true,
};

/** What there are names of, where a word is completed. */
export type NamedKind = 'alias' | 'kept' | 'set' | 'model' | ListedKind;

/** Names that are known, each once. A completion must never fail or say anything: without a server there are fewer. */
export async function knownNames(world: Console, kind: NamedKind): Promise<readonly string[]> {
  const found = await Promise.all([
    kind === 'kept' ? [] : quietly(() => serverNames(world, kind)),
    kind === 'kept' || kind === 'set' ? quietly(() => keyringNames(world, kind)) : [],
  ]);
  return [...new Set(found.flat())].filter((name) => HARMLESS.test(name));
}

async function quietly(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work();
  } catch {
    return [];
  }
}

async function serverNames(world: Console, kind: Exclude<NamedKind, 'kept'>): Promise<readonly string[]> {
  return withSessions({ world, options: OPTIONS, hear: () => undefined }, async (sessions) => {
    const { connection } = await sessions.open(null);
    if (kind === 'model') return [...(await listModels(connection))];
    const names = new Set<string>();
    if (kind === 'team' || kind === 'user' || kind === 'budget') {
      for await (const { lives } of streamThings(connection, kind, []))
        for (const { name } of lives) names.add(name ?? '');
      return [...names];
    }
    for await (const { lives } of streamKeys(connection)) {
      for (const { name, mark } of lives) names.add((kind === 'set' ? mark?.set : name) ?? '');
    }
    return [...names];
  });
}

/** The sets of the keyrings, or the keys whose secret they have. */
async function keyringNames(world: Console, kind: 'kept' | 'set'): Promise<readonly string[]> {
  const choice = keyringChoice(world, OPTIONS);
  const { journals } = await readInventory(choice.roots, { by: choice.by, seal: null });
  return journals.flatMap(({ about, state }) =>
    kind === 'set' ? [about.set] : [...state.entries.values()].map(({ name }) => name),
  );
}
