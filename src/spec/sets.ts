/** The parts of several documents → one spec for each set. */
import { KINDS } from '../kinds/kinds.ts';
import { factsOf } from '../model/kind.ts';
import { refText } from '../model/ref.ts';
import type { Desired, Origin } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { checkDeliveries } from './deliveries/check.ts';
import type { PlacedDelivery } from './deliveries/list.ts';
import type { DesiredAt } from './desired.ts';
import type { FieldPlaces } from './field-place.ts';
import { checkFormer } from './former.ts';
import type { SpecPart } from './formats/native.ts';
import type { Allowance } from './allowance.ts';
import { diagnose, placeOf, quoted, type OnDiagnostic, type Text } from './read/text.ts';

/** Where a spec says what a field of a thing is; `null` for a thing of another spec. */
export type FieldOrigins = (desired: Desired, field: string) => Origin | null;

/** In the order in which the sets were first named. `given`: deliveries of the command line, which each of them has. */
export async function joinSets(
  parts: readonly SpecPart[],
  given: readonly PlacedDelivery[],
  allowance: Allowance,
  report: OnDiagnostic,
): Promise<{ readonly specs: readonly Spec[]; readonly fieldAt: FieldOrigins }> {
  const sets = new Map<string, { readonly last: SpecPart; readonly same: SpecPart[] }>();
  for (const last of parts) {
    const same = sets.get(last.set)?.same ?? [];
    same.push(last);
    sets.set(last.set, { last, same });
  }
  const joined = [...sets.values()].map(({ last, same }) => {
    const set = join(last, same, report);
    return { ...set, deliveries: [...set.deliveries, ...given.map((each) => askedBy(set.files, each))] };
  });
  await checkDeliveries(joined, allowance, report);
  const places = new WeakMap<Desired, FieldPlaces>();
  const specs = joined.map(({ deliveries, desired, ...spec }) => ({
    ...spec,
    desired: desired.map(({ fieldAt, columnAt: _columnAt, sharedWith: _sharedWith, ...each }) => {
      places.set(each, fieldAt);
      return each;
    }),
    deliver: deliveries.map(({ delivery }) => delivery),
  }));
  return { specs, fieldAt: (desired, field) => places.get(desired)?.(field).origin ?? null };
}

/** The file that it was given with takes it back when it is given no more. */
function askedBy([spec]: readonly string[], { delivery, ...placed }: PlacedDelivery): PlacedDelivery {
  return { ...placed, delivery: spec === undefined ? delivery : { ...delivery, spec } };
}

function join(
  last: SpecPart,
  parts: readonly SpecPart[],
  report: OnDiagnostic,
): Omit<Spec, 'deliver' | 'desired'> & Pick<SpecPart, 'deliveries' | 'desired'> {
  checkAgreement(parts, report);
  checkTwice(parts, report);
  checkFormer(parts, report);
  return {
    set: last.set,
    isNamed: parts.every(({ isNamed }) => isNamed),
    files: [...new Set(parts.flatMap(({ file }) => file ?? []))],
    url: parts.find(({ url }) => url !== null)?.url ?? null,
    publicUrl: parts.find(({ publicUrl }) => publicUrl !== null)?.publicUrl ?? null,
    profile: parts.find(({ profile }) => profile !== null)?.profile ?? null,
    timeout: parts.find(({ timeout }) => timeout !== null)?.timeout ?? null,
    credential: parts.find(({ credential }) => credential !== null)?.credential ?? null,
    state: parts.every(({ state }) => state === 'absent') ? 'absent' : 'present',
    adopt: last.adopt,
    desired: parts.flatMap((part) => part.desired),
    deliveries: parts.flatMap((part) => part.deliveries),
    ansible: last.ansible,
  };
}

/** Parts of one set have one server with one address for its users, and Ansible variables have their set to themselves. */
function checkAgreement(parts: readonly SpecPart[], report: OnDiagnostic): void {
  checkSame(parts, 'url', 'server', report);
  checkSame(parts, 'publicUrl', 'public_url', report);
  checkSame(parts, 'profile', 'connection', report);
  const ansible = parts.find((part) => part.ansible !== null);
  for (const part of parts) {
    if (ansible === undefined || (part.ansible !== null && part.text === ansible.text)) continue;
    const message = `The set ${quoted(part.set)} is that of the Ansible variables in ${ansible.text.file} too.`;
    report(diagnose(part.text, part.origins.url, { rule: 'ansible', message, hint: 'Give this spec another set.' }));
  }
}

/** What only one part says is said for all of them. */
function checkSame(
  parts: readonly SpecPart[],
  member: keyof SpecPart['origins'],
  name: string,
  report: OnDiagnostic,
): void {
  let first: SpecPart | null = null;
  for (const part of parts) {
    if (part[member] === null) continue;
    first ??= part;
    if (part[member] === first[member]) continue;
    const message = `The set has another ${name} at ${placeOf(first.origins[member])}.`;
    const hint = 'Give both the same, or different sets.';
    report(diagnose(part.text, part.origins[member], { rule: 'server', message, hint }));
  }
}

function checkTwice(parts: readonly SpecPart[], report: OnDiagnostic): void {
  const seen = new Map<string, DesiredAt>();
  const reported = new Set<string>();
  for (const { text, desired } of parts) {
    for (const each of desired) twice(each, text, seen, reported, report);
  }
}

function twice(
  each: DesiredAt,
  text: Text,
  seen: Map<string, DesiredAt>,
  reported: Set<string>,
  report: OnDiagnostic,
): void {
  const { kind, name } = each.ref;
  const first = seen.get(refText(each.ref));
  if (first === undefined) {
    seen.set(refText(each.ref), each);
    return;
  }
  const place = placeOf(first.origin);
  const pair = `${place} ${placeOf(each.origin)}`;
  if (reported.has(pair)) return;
  reported.add(pair);
  const message =
    first.origin === each.origin
      ? `Several users of the roster would have the same ${kind} ${quoted(name)}.`
      : `The ${kind} ${quoted(name)} is here a second time, first at ${place}.`;
  const { naming, partOf } = factsOf(KINDS, kind);
  const hint =
    first.origin === each.origin
      ? `Put {user} into ${naming}.`
      : partOf === null
        ? `Give one of the two another ${naming}.`
        : 'Name it once: the other says nothing more.';
  report(diagnose(text, each.origin, { rule: 'duplicate', message, hint }));
}
