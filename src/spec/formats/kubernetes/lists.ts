/** One resource → the lists of a spec that say the same. */
import type { Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { RESOURCES } from './fields.ts';
import { fieldsIn, inPlace, plain, type Item, type Member } from './item.ts';
import { textIn, type Place } from './manifests.ts';
import { userIdOf } from './memberships.ts';
import type { Resource } from './resource.ts';

/** By the names that they have in a spec. */
export type Lists = ReadonlyMap<string, readonly Item[]>;

type Fail = (within: Path, problem: Problem) => void;

/** `members`: of a team. Nothing where something is missing, which fails; and for a membership, which is its team's. */
export function listsOf(resource: Resource, members: readonly Item[] | undefined, fail: Fail): Lists {
  switch (resource.kind) {
    case 'VirtualKey':
      return new Map([['keys', [itemOf(resource)]]]);
    case 'User':
      return userLists(resource, fail);
    case 'Team': {
      const { spec, seenId, place } = resource;
      const id = textIn(spec, 'teamID') ?? seenId;
      const named = id === null ? [] : [memberAt(place, 'teamID', 'team_id', id)];
      return new Map([['teams', [{ ...itemOf(resource, named), ...(members === undefined ? {} : { members }) }]]]);
    }
    case 'TeamMemberAssociation':
      return new Map();
  }
}

function userLists(resource: Resource, fail: Fail): Lists {
  const { spec, place } = resource;
  const id = userIdOf(resource);
  if (id === null) fail(['spec'], NOBODY);
  const named = memberAt(place, textIn(spec, 'userID') === null ? 'userEmail' : 'userID', 'user_id', id ?? '');
  const users = [itemOf(resource, [named])];
  if (spec['autoCreateKey'] !== true) return new Map([['users', users]]);
  const fields = fieldsIn(RESOURCES.User, spec, inPlace(place, ['spec']), ({ ofKey }) => ofKey);
  if (textIn(spec, 'keyAlias') === null) fail(['spec', 'autoCreateKey'], NAMELESS);
  return new Map([
    ['users', users],
    ['keys', [{ place, fields: [...fields, named] }]],
  ]);
}

const NOBODY: Problem = {
  rule: 'missing',
  message: 'userEmail is missing.',
  hint: 'Say who it is, like userEmail: ada@example.com, or userID: ada.',
};
const NAMELESS: Problem = {
  rule: 'missing',
  message: 'keyAlias is missing, which names the key that autoCreateKey asks for.',
  hint: 'Give the key a name, like keyAlias: ada-key, or take autoCreateKey out.',
};

function itemOf({ kind, spec, place }: Resource, more: readonly Member[] = []): Item {
  return { place, fields: [...more, ...fieldsIn(RESOURCES[kind], spec, inPlace(place, ['spec']), ({ to }) => to)] };
}

function memberAt(place: Place, field: string, name: string, value: string): Member {
  return { name, value: plain(value), place: inPlace(place, ['spec', field]) };
}
