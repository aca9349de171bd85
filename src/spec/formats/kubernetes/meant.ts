/** Which resource another one means. */
import { plainText } from '../../../encode/plain.ts';
import type { Json } from '../../../base/json.ts';
import { quoted, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { textIn } from './manifests.ts';
import type { Resource } from './resource.ts';

/** The users and the teams among the resources, those of one name together. */
export type Known = Readonly<Record<'user' | 'team', { readonly all: readonly Resource[]; readonly named: Named }>>;
type Named = ReadonlyMap<string, readonly Resource[]>;

export function knownIn(resources: readonly Resource[]): Known {
  const ofKind = (kind: Resource['kind']): Known['user'] => {
    const all = resources.filter((each) => each.kind === kind);
    const named = new Map<string, readonly Resource[]>();
    for (const each of all) named.set(each.name, [...(named.get(each.name) ?? []), each]);
    return { all, named };
  };
  return { user: ofKind('User'), team: ofKind('Team') };
}

const WORDS = {
  team: { kind: 'Team', ref: 'teamRef', own: 'teamAlias' },
  user: { kind: 'User', ref: 'userRef', own: 'userEmail' },
} as const;

/** That none is meant, and where that is said. */
type Unmeant = { readonly within: Path; readonly problem: Problem };

/** What a membership calls by the resource's name, or, in earlier versions of the operator, by what LiteLLM calls it. */
export function meantBy(
  { spec, namespace: own }: Resource,
  what: keyof typeof WORDS,
  known: Known,
): Resource | Unmeant {
  const { kind, ref, own: member } = WORDS[what];
  const name = textIn(spec[ref], 'name');
  if (name !== null) {
    const namespace = textIn(spec[ref], 'namespace') ?? own;
    const named = known[what].named.get(name) ?? [];
    const exact = named.filter((each) => each.namespace === namespace);
    /* A file may leave its namespace to kubectl. */
    const fitting = exact.length > 0 ? exact : named.filter((each) => each.namespace === null || namespace === null);
    const [only, ...others] = fitting;
    if (only !== undefined && others.length === 0) return only;
    return { within: ['spec', ref, 'name'], problem: only === undefined ? isNone(kind, name) : areMany(kind, name) };
  }
  const called = textIn(spec, member);
  const found = called === null ? undefined : known[what].all.find((each) => each.spec[member] === called);
  if (found !== undefined) return found;
  if (called !== null) return { within: ['spec', member], problem: isNone(kind, called) };
  const hint = `Name its resource, like ${ref}: {name: …}.`;
  return { within: ['spec'], problem: { rule: 'missing', message: `${ref} is missing.`, hint } };
}

const GIVE = 'Give vkeys its resource too: kubectl get users,teams,teammemberassociations -A -o yaml';

function isNone(kind: 'Team' | 'User', name: string): Problem {
  return { rule: 'reference', message: `There is no ${kind} ${quoted(name)} among the resources.`, hint: GIVE };
}

function areMany(kind: 'Team' | 'User', name: string): Problem {
  const message = `There is more than one ${kind} ${quoted(name)} among the resources.`;
  return { rule: 'reference', message, hint: 'Say which: give the reference its namespace, and the resources theirs.' };
}

/** Of a member whom a team calls by an address. */
export function isNobody(email: string | null): Problem {
  if (email === null)
    return { rule: 'missing', message: 'userID is missing.', hint: 'Say who it is, like userID: ada@example.com.' };
  const message = `There is no User with the address ${quoted(email)} among the resources.`;
  return { rule: 'reference', message, hint: "Write the member's userID, or give vkeys the resource of the user too." };
}

/** Of a team that a user names. */
export function isNoTeam(name: Json): Problem {
  const message = `There is no Team ${quoted(plainText(name))} among the resources, so the user is not made its member.`;
  return { rule: 'reference', message, hint: GIVE };
}
