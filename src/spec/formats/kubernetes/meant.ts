/**
 * Which resource another one means. Names at LiteLLM are those of one server, so who is meant is at the server of whom means
 * it, and rather in its namespace than in others; where it could be one of several, nobody is.
 */
import { plainText } from '../../../encode/plain.ts';
import type { Json } from '../../../base/json.ts';
import { placeOf, quoted, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { textIn } from './manifests.ts';
import type { Resource } from './resource.ts';

const WORDS = {
  team: { kind: 'Team', ref: 'teamRef', own: 'teamAlias' },
  user: { kind: 'User', ref: 'userRef', own: 'userEmail' },
} as const;

type What = keyof typeof WORDS;
type Index = ReadonlyMap<string, readonly Resource[]>;

/**
 * The users and the teams among the resources, those on their way out too: by the names of their resources, by what LiteLLM
 * calls them, and teams by their ids as well.
 */
export type Known = Readonly<Record<What, { readonly named: Index; readonly called: Index }>> & {
  readonly teams: Index;
};

export function knownIn(resources: readonly Resource[]): Known {
  const ofKind = (what: What): Known[What] => {
    const { kind, own } = WORDS[what];
    const all = resources.filter((each) => each.kind === kind);
    return { named: indexOf(all, ({ name }) => [name]), called: indexOf(all, ({ spec }) => [textIn(spec, own)]) };
  };
  const teams = resources.filter(({ kind }) => kind === 'Team');
  const idsOf = ({ spec, seenId }: Resource) => [textIn(spec, 'teamID') ?? seenId, textIn(spec, 'teamAlias')];
  return { user: ofKind('user'), team: ofKind('team'), teams: indexOf(teams, idsOf) };
}

function indexOf(all: readonly Resource[], namesOf: (each: Resource) => readonly (string | null)[]): Index {
  const index = new Map<string, Resource[]>();
  for (const each of all) {
    for (const name of new Set(namesOf(each))) {
      if (name === null) continue;
      const same = index.get(name) ?? [];
      same.push(each);
      index.set(name, same);
    }
  }
  return index;
}

/** Whence something is meant; without a `connection` the server does not matter, and `null` is that of no connection. */
type From = Pick<Resource, 'namespace'> & { readonly connection?: string | null };

/** That none is meant, and where that is said. */
type Unmeant = { readonly within: Path; readonly problem: Problem };

/** What a membership calls by the resource's name, or, in earlier versions of the operator, by what LiteLLM calls it. */
export function meantBy(spec: Resource['spec'], from: From, what: What, known: Known): Resource | Unmeant {
  const { ref, own: member } = WORDS[what];
  const name = textIn(spec[ref], 'name');
  const called = name ?? textIn(spec, member);
  if (called === null) {
    const hint = `Name its resource, like ${ref}: {name: …}.`;
    return { within: ['spec'], problem: { rule: 'missing', message: `${ref} is missing.`, hint } };
  }
  const { named, called: all } = known[what];
  const found =
    name === null
      ? all.get(called)
      : inNamespace(named.get(name) ?? [], textIn(spec[ref], 'namespace') ?? from.namespace);
  const meant = nearest(found, from, called);
  const within = ['spec', ...(name === null ? [member] : [ref, 'name'])];
  if (meant === null) return { within, problem: isNone(what, called) };
  return 'rule' in meant ? { within, problem: meant } : meant;
}

/** A file may leave its namespace to kubectl. */
function inNamespace(named: readonly Resource[], namespace: string | null): readonly Resource[] {
  const exact = named.filter((each) => each.namespace === namespace);
  return exact.length > 0 ? exact : named.filter((each) => each.namespace === null || namespace === null);
}

/** The one of those that are called so; `null` where there are none at all. */
export function nearest(called: readonly Resource[] | undefined, from: From, name: string): Resource | Problem | null {
  const first = called?.[0];
  if (called === undefined || first === undefined) return null;
  const there = called.filter(({ connection }) => from.connection === undefined || connection === from.connection);
  const staying = preferred(there, ({ isLeaving }) => !isLeaving);
  const [only, ...others] = preferred(staying, ({ namespace }) => namespace === from.namespace);
  if (only === undefined) return isElsewhere(first, name);
  return others.length === 0 ? only : areMany([only, ...others], name);
}

function preferred(all: readonly Resource[], isBetter: (each: Resource) => boolean): readonly Resource[] {
  const better = all.filter(isBetter);
  return better.length > 0 ? better : all;
}

/** Where the resource stands, as `file:line:column`. */
export function standsAt({ place: { source, path } }: Resource): string {
  return placeOf(source.at(path));
}

const GIVE = 'Give vkeys its resource too: kubectl get users,teams,teammemberassociations -A -o yaml';

function isNone(what: What, name: string): Problem {
  const message = `There is no ${WORDS[what].kind} ${quoted(name)} among the resources.`;
  return { rule: 'reference', message, hint: GIVE };
}

function isElsewhere(first: Resource, name: string): Problem {
  const message = `The ${first.kind} ${quoted(name)} at ${standsAt(first)} has another connection.`;
  const hint = 'A team, its users and their memberships have one connection: an instanceRef may name its namespace.';
  return { rule: 'reference', message, hint };
}

function areMany(all: readonly [Resource, ...Resource[]], name: string): Problem {
  const places = all.slice(0, 3).map(standsAt).join(', ');
  const message = `There is more than one ${all[0].kind} ${quoted(name)} among the resources: ${places}.`;
  const hint = 'Say which: give a reference its namespace, and the resources theirs and names of their own.';
  return { rule: 'reference', message, hint };
}

/** Of a member whom a team calls by an address. */
export function isNobody(email: string | null): Problem {
  if (email === null)
    return { rule: 'missing', message: 'userID is missing.', hint: 'Say who it is, like userID: ada@example.com.' };
  const message = `There is no User with the address ${quoted(email)} among the resources.`;
  return { rule: 'reference', message, hint: "Write the member's userID, or give vkeys the resource of the user too." };
}

/** Of a team that a user names: LiteLLM would not find it either. */
export function isNoTeam(name: Json): Problem {
  const message = `There is no Team ${quoted(plainText(name))} among the resources of the user's server, so the user is not made its member.`;
  return { rule: 'reference', message, hint: GIVE };
}

/** Of a membership in what is on its way out. */
export function isLeft(leaving: Resource): Problem {
  const message = `The ${leaving.kind} at ${standsAt(leaving)} is being deleted, so the membership was passed over.`;
  return { rule: 'kubernetes', message, hint: 'Nothing has to be done about it.' };
}
