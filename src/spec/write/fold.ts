/**
 * A document that says the same in fewer words: numbered names become a roster, and what most keys have becomes `defaults:`. Only
 * what every one of them says is moved, so that nothing is said of a field which a key does not mention.
 */
import { isList, isObject, sameJson, stringifyJson, type Json, type JsonObject } from '../../base/json.ts';
import { foldNumbered } from './numbered.ts';

export function folded(document: JsonObject): JsonObject {
  const { keys, users, teams, groups, budgets, ...head } = document;
  const list = (items: Json | undefined): readonly JsonObject[] => (isList(items) ? items.filter(isObject) : []);
  const entries = foldNumbered(list(keys), 'key_alias', true);
  const defaults = commonOf(entries);
  const own = entries.map((entry) => withoutCommon(entry, defaults));
  const crews = list(teams).map((team) => {
    const members = foldNumbered(list(team['members']), 'user_id', false);
    return members.length === 0 ? team : { ...team, members };
  });
  return {
    ...head,
    ...(groups === undefined ? {} : { groups }),
    ...(budgets === undefined ? {} : { budgets }),
    ...(users === undefined ? {} : { users: foldNumbered(list(users), 'user_id', true) }),
    ...(teams === undefined ? {} : { teams: crews }),
    ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
    keys: own,
  };
}

/** Of an item of a list: its name, who is in its roster and what single ones of them have. */
const HEAD: ReadonlySet<string> = new Set(['key_alias', 'roster', 'overrides', 'metadata']);

/** What all of the keys say, and more than half of them alike. */
function commonOf(entries: readonly JsonObject[]): JsonObject {
  const part = (of: (entry: JsonObject) => JsonObject): readonly Weighed[] =>
    entries.map((entry) => ({ said: of(entry), weight: weightOf(entry) }));
  const metadata = alike(part(membersIn));
  return {
    ...alike(part((entry) => only(entry, (name) => !HEAD.has(name)))),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

/** What so many keys say. */
type Weighed = { readonly said: JsonObject; readonly weight: number };

function weightOf({ roster }: JsonObject): number {
  return isObject(roster) ? Number(roster['count']) : 1;
}

function alike(all: readonly Weighed[]): JsonObject {
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const names = new Set(all.flatMap(({ said }) => Object.keys(said)));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const counts = new Map<string, { readonly value: Json; readonly weight: number }>();
      const saying = all.filter(({ said }) => Object.hasOwn(said, name));
      for (const { said, weight } of saying) {
        const value = said[name] ?? null;
        const before = counts.get(stringifyJson(value));
        counts.set(stringifyJson(value), { value, weight: before === undefined ? weight : before.weight + weight });
      }
      const most = [...counts.values()].filter(({ weight }) => weight > Math.max(1, total / 2));
      return saying.length < all.length ? [] : most.filter(isPlain).map(({ value }) => [name, value] as const);
    }),
  );
}

/** What stands for something else with each user belongs to the roster. */
function isPlain({ value }: { readonly value: Json }): boolean {
  return !stringifyJson(value).includes('{user}');
}

function withoutCommon({ overrides, ...entry }: JsonObject, defaults: JsonObject): JsonObject {
  const common = membersIn(defaults);
  const metadata = only(membersIn(entry), (name, value) => !isIn(common, name, value));
  return {
    ...only(entry, (name, value) => name !== 'metadata' && !isIn(defaults, name, value)),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(overrides === undefined ? {} : { overrides }),
  };
}

function isIn(object: JsonObject, name: string, value: Json): boolean {
  return Object.hasOwn(object, name) && sameJson(object[name] ?? null, value);
}

function membersIn({ metadata }: JsonObject): JsonObject {
  return isObject(metadata) ? metadata : {};
}

function only(object: JsonObject, isMeant: (name: string, value: Json) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => isMeant(name, value)));
}
