/** The operator's resources of all files → a part of a set for each of them. */
import type { Allowance } from '../../allowance.ts';
import { setName } from '../../set-name.ts';
import { diagnose, type OnDiagnostic } from '../../read/text.ts';
import type { Source } from '../../read/tree.ts';
import { readPart, type SpecPart } from '../native.ts';
import { inPlace, itemJson, placeIn } from './item.ts';
import { leftNotices } from './left.ts';
import { listsOf, type Lists } from './lists.ts';
import { rawsIn, type Manifest } from './manifests.ts';
import { membersOf } from './memberships.ts';
import { NAMESPACE, resourceOf, type Resource } from './resource.ts';
import { withoutTwins } from './twins.ts';
import { veiled } from './veil.ts';

/** Who hears of problems, and of what is worth saying. */
type Hearers = { readonly report: OnDiagnostic; readonly note: OnDiagnostic };

export async function partsOf(
  manifests: readonly Manifest[],
  allowance: Allowance,
  { report, note }: Hearers,
): Promise<readonly SpecPart[]> {
  const all = rawsIn(veiled(manifests), report, note).flatMap((raw) => resourceOf(raw, report) ?? []);
  const known = withoutTwins(all, report);
  const members = membersOf(known, report);
  const resources = known.filter(({ isLeaving }) => !isLeaving);
  for (const left of leftNotices(resources)) note(left);
  const texts = new Set(resources.map(({ place: { source } }) => source.text));
  /* A member of a team may stand in another file than the team. */
  const framed: OnDiagnostic = (found) => {
    for (const text of texts) if (text.file === found.origin.file) report(diagnose(text, found.origin, found));
  };
  const parts: SpecPart[] = [];
  for (const resource of resources) {
    let isWhole = true;
    const lists = listsOf(resource, members.get(resource), (within, problem) => {
      const { source, path } = inPlace(resource.place, within);
      isWhole = false;
      report(diagnose(source.text, source.at(path), problem));
    });
    if (!isWhole || lists.size === 0) continue;
    const part = await partOf(resource, lists, allowance, framed);
    if (part !== null) parts.push(part);
  }
  return parts;
}

async function partOf(
  resource: Resource,
  lists: Lists,
  allowance: Allowance,
  report: OnDiagnostic,
): Promise<SpecPart | null> {
  const { name, namespace, connection, place, home } = resource;
  const items = [...lists].map(([list, each]) => [list, each.map(itemJson)] as const);
  const at: Source['at'] = ([list, ...rest], step) => {
    const whole = list === 'set' ? inPlace(place, ['spec', 'connectionRef']) : place;
    const { source, path } = placeIn(lists.get(String(list)) ?? [], rest, whole);
    return source.at(path, step);
  };
  const value = { set: setOf(resource), ...Object.fromEntries(items) };
  const source: Source = { ...place.source, value, secrets: new Set(), at };
  const part = await readPart(source, { ...home, name: null }, allowance, report);
  if (part === null) return null;
  const own = { name, namespace: namespace ?? NAMESPACE };
  return {
    ...part,
    profile: connection,
    desired: part.desired.map((each) => ({ ...each, placeholders: { ...each.placeholders, ...own } })),
  };
}

/**
 * A namespace's resources at one server. Each part of the name is the resource's own, so that the set is the same whatever
 * else is read with it, and a run on one namespace leaves the others alone.
 */
function setOf({ namespace, connection }: Resource): string {
  const own = namespace ?? NAMESPACE;
  if (connection === null) return setName(own);
  const [space, name] = connection.split('/');
  return setName([own, ...(space === own ? [] : [space]), name].join('.'));
}
