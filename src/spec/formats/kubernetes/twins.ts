/** What is one thing in a cluster and stands in the files twice, and what are two things there and would be one here. */
import { diagnose, quoted, type OnDiagnostic, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { standsAt } from './meant.ts';
import { NAMESPACE, type Resource } from './resource.ts';

/** The resources without those that are there already; each of them is reported, and so are connections of one name. */
export function withoutTwins(resources: readonly Resource[], report: OnDiagnostic): readonly Resource[] {
  const [firsts, connected] = [new Map<string, Resource>(), new Map<string, Resource>()];
  for (const each of resources) {
    const { kind, name, namespace, connection, isBySecret, isLeaving, place } = each;
    const tell = (within: Path, problem: Problem): void =>
      report(diagnose(place.source.text, place.source.at([...place.path, ...within]), problem));
    const own = `${namespace ?? NAMESPACE}/${name}`;
    const first = firsts.get(`${kind} ${own}`);
    if (first === undefined) firsts.set(`${kind} ${own}`, each);
    else tell([], isTwice(own, first));
    if (connection === null || isLeaving) continue;
    const other = connected.get(connection) ?? each;
    connected.set(connection, other);
    if (other.isBySecret !== isBySecret) tell(['spec', 'connectionRef'], areOne(connection, other));
  }
  return [...firsts.values()];
}

function isTwice(own: string, first: Resource): Problem {
  const message = `The ${first.kind} ${quoted(own)} is here a second time, first at ${standsAt(first)}.`;
  return { rule: 'duplicate', message, hint: 'Keep one of the two.' };
}

function areOne(connection: string, other: Resource): Problem {
  const message = `${quoted(connection)} is a Secret and an instance, the other one at ${standsAt(other)}, and would be one connection.`;
  return { rule: 'server', message, hint: 'Give one of the two another name.' };
}
