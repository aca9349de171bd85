/**
 * Who is in which team. Memberships are resources of their own, which call teams and users by the names of theirs; a team may
 * list its members too, and a user its teams, and then the membership says more.
 */
import { isList, type Json, type JsonObject } from '../../../base/json.ts';
import { diagnose, placeOf, type OnDiagnostic, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { RESOURCES } from './fields.ts';
import { fieldsIn, inPlace, plain, type Item, type Member } from './item.ts';
import { textIn, type Place } from './manifests.ts';
import { isNobody, isNoTeam, knownIn, meantBy, type Known } from './meant.ts';
import type { Resource } from './resource.ts';

/** The id under which LiteLLM has a user: that which it gave before vkeys came, else the address. */
export function userIdOf({ spec, seenId }: Resource): string | null {
  return textIn(spec, 'userID') ?? seenId ?? textIn(spec, 'userEmail');
}

/** Members by their teams and their ids. */
type Teams = Map<Resource, Map<string, Item>>;

/** The members of each team. */
export function membersOf(
  resources: readonly Resource[],
  report: OnDiagnostic,
): ReadonlyMap<Resource, readonly Item[]> {
  const teams: Teams = new Map();
  const known = knownIn(resources);
  const memberships = resources.filter(({ kind }) => kind === 'TeamMemberAssociation');
  for (const membership of memberships) addMembership(teams, membership, known, report);
  addListed(teams, known, report);
  addTeamsOfUsers(teams, known);
  return new Map([...teams].map(([team, members]) => [team, [...members.values()]]));
}

/** The one that is there already, if there is one: then nothing is added. */
function add(
  teams: Teams,
  team: Resource,
  user_id: string,
  place: Place,
  more: readonly Member[] = [],
): Item | undefined {
  const members = teams.get(team) ?? new Map<string, Item>();
  const there = members.get(user_id);
  const fields = [{ name: 'user_id', value: plain(user_id), place }, ...more];
  if (there === undefined) teams.set(team, members.set(user_id, { place, fields }));
  return there;
}

function addMembership(teams: Teams, membership: Resource, known: Known, report: OnDiagnostic): void {
  const team = meantBy(membership, 'team', known);
  const user = meantBy(membership, 'user', known);
  for (const each of [team, user]) if ('problem' in each) tell(membership, each.within, each.problem, report);
  if ('problem' in team || 'problem' in user) return;
  const user_id = userIdOf(user);
  if (user_id === null) return;
  const { spec, place } = membership;
  const more = fieldsIn(RESOURCES.TeamMemberAssociation, spec, inPlace(place, ['spec']), ({ to }) => to);
  const twin = add(teams, team, user_id, place, more);
  if (twin !== undefined) tell(membership, [], isTwice(user_id, team, twin), report);
}

function addListed(teams: Teams, known: Known, report: OnDiagnostic): void {
  for (const team of known.team.all) {
    for (const [index, each] of listIn(team.spec, 'membersWithRole').entries()) {
      const path = ['spec', 'membersWithRole', index];
      const email = textIn(each, 'userEmail');
      const named = known.user.all.find(({ spec }) => email !== null && spec['userEmail'] === email);
      const user_id = textIn(each, 'userID') ?? (named === undefined ? null : userIdOf(named));
      const role = textIn(each, 'role');
      const place = inPlace(team.place, path);
      const more = role === null ? [] : [{ name: 'role', value: role, place: inPlace(place, ['role']) }];
      if (user_id === null) tell(team, path, isNobody(email), report);
      else add(teams, team, user_id, place, more);
    }
  }
}

/** LiteLLM adds a new user to teams by their ids, and passes over those that are not there. */
function addTeamsOfUsers(teams: Teams, known: Known): void {
  for (const user of known.user.all) {
    const user_id = userIdOf(user);
    for (const [index, name] of listIn(user.spec, 'teams').entries()) {
      const path = ['spec', 'teams', index];
      const team = known.team.all.find(
        ({ spec, seenId }) => name === (textIn(spec, 'teamID') ?? seenId) || name === spec['teamAlias'],
      );
      if (team === undefined) tell(user, path, isNoTeam(name), user.place.source.note);
      else if (user_id !== null) add(teams, team, user_id, inPlace(user.place, path));
    }
  }
}

function listIn(spec: JsonObject, name: string): readonly Json[] {
  const list = spec[name];
  return isList(list) ? list : [];
}

function tell({ place: { source, path } }: Resource, within: Path, problem: Problem, to: OnDiagnostic): void {
  to(diagnose(source.text, source.at([...path, ...within]), problem));
}

function isTwice(user_id: string, { name }: Resource, { place: { source, path } }: Item): Problem {
  const message = `${user_id} is a member of ${name} a second time, first at ${placeOf(source.at(path))}.`;
  return { rule: 'duplicate', message, hint: 'Keep one of the two.' };
}
