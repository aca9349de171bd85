/**
 * Who is in which team. Memberships are resources of their own, which call teams and users by the names of theirs; a team may
 * list its members too, and a user its teams, and then the membership says more.
 */
import { plainText } from '../../../encode/plain.ts';
import { isList, type Json, type JsonObject } from '../../../base/json.ts';
import { diagnose, placeOf, type OnDiagnostic, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { RESOURCES } from './fields.ts';
import { fieldsIn, inPlace, plain, type Item, type Member } from './item.ts';
import { textIn, type Place } from './manifests.ts';
import { isLeft, isNobody, isNoTeam, knownIn, meantBy, nearest, type Known } from './meant.ts';
import type { Resource } from './resource.ts';

/** The id under which LiteLLM has a user: that which it gave before vkeys came, else the address. */
export function userIdOf({ spec, seenId }: Resource): string | null {
  return textIn(spec, 'userID') ?? seenId ?? textIn(spec, 'userEmail');
}

/** Members by their teams and their ids. */
type Teams = Map<Resource, Map<string, Item>>;

/** The members of each team; those on their way out are among the resources, and nobody is made a member of or by them. */
export function membersOf(
  resources: readonly Resource[],
  report: OnDiagnostic,
): ReadonlyMap<Resource, readonly Item[]> {
  const teams: Teams = new Map();
  const known = knownIn(resources);
  const staying = (kind: Resource['kind']) => resources.filter((each) => each.kind === kind && !each.isLeaving);
  for (const membership of staying('TeamMemberAssociation')) addMembership(teams, membership, known, report);
  for (const team of staying('Team')) addListed(teams, team, known, report);
  for (const user of staying('User')) addTeamsOf(teams, user, known, report);
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
  const { spec, place, namespace, connection } = membership;
  const from = connection === null ? { namespace } : { namespace, connection };
  const team = meantBy(spec, from, 'team', known);
  const user = meantBy(spec, 'problem' in team ? from : { namespace, connection: team.connection }, 'user', known);
  for (const each of [team, user]) if ('problem' in each) tell(membership, each.within, each.problem, report);
  if ('problem' in team || 'problem' in user) return;
  const leaving = [team, user].find(({ isLeaving }) => isLeaving);
  if (leaving !== undefined) return tell(membership, [], isLeft(leaving), place.source.note);
  const user_id = userIdOf(user);
  if (user_id === null) return;
  const more = fieldsIn(RESOURCES.TeamMemberAssociation, spec, inPlace(place, ['spec']), ({ to }) => to);
  const twin = add(teams, team, user_id, place, more);
  if (twin !== undefined) tell(membership, [], isTwice(user_id, team, twin), report);
}

function addListed(teams: Teams, team: Resource, known: Known, report: OnDiagnostic): void {
  for (const [index, each] of listIn(team.spec, 'membersWithRole').entries()) {
    const path = ['spec', 'membersWithRole', index];
    const place = inPlace(team.place, path);
    const role = textIn(each, 'role');
    const more = role === null ? [] : [{ name: 'role', value: role, place: inPlace(place, ['role']) }];
    const id = textIn(each, 'userID');
    if (id !== null) {
      add(teams, team, id, place, more);
      continue;
    }
    const email = textIn(each, 'userEmail');
    const user = email === null ? null : nearest(known.user.called.get(email), team, email);
    if (user === null || 'rule' in user) tell(team, path, user ?? isNobody(email), report);
    else if (user.isLeaving) tell(team, path, isLeft(user), place.source.note);
    else add(teams, team, String(userIdOf(user)), place, more);
  }
}

/** LiteLLM adds a new user to teams by their ids, and passes over those that are not there. */
function addTeamsOf(teams: Teams, user: Resource, known: Known, report: OnDiagnostic): void {
  const user_id = userIdOf(user);
  for (const [index, name] of listIn(user.spec, 'teams').entries()) {
    const path = ['spec', 'teams', index];
    const place = inPlace(user.place, path);
    const called = plainText(name);
    const there = known.teams.get(called)?.filter(({ connection }) => connection === user.connection);
    const team = nearest(there, user, called);
    if (team === null) tell(user, path, isNoTeam(name), place.source.note);
    else if ('rule' in team) tell(user, path, team, report);
    else if (team.isLeaving) tell(user, path, isLeft(team), place.source.note);
    else if (user_id !== null) add(teams, team, user_id, place);
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
