/** Which documents are Kubernetes resources, and what of them is the operator's. */
import { isList, isObject, type Json, type JsonObject } from '../../../base/json.ts';
import { didYouMean } from '../../../base/suggest.ts';
import { diagnose, quoted, type OnDiagnostic, type Problem, type Text } from '../../read/text.ts';
import type { Path, Source, Tree, TreeDocument } from '../../read/tree.ts';
import { readTree } from '../../read/value.ts';
import type { SpecHome } from '../native.ts';
import { isResourceKind, RESOURCES, type ResourceKind } from './fields.ts';

const GROUP = 'auth.litellm.ai';
const VERSION = `${GROUP}/v1alpha1`;
const PIPE = 'kubectl get virtualkeys,users,teams,teammemberassociations -A -o yaml | vkeys plan -f -';

/** A document with Kubernetes resources, and where it comes from. */
export type Manifest = { readonly document: TreeDocument; readonly text: Text; readonly home: SpecHome };

/** A place in one of several documents. */
export type Place = { readonly source: Source; readonly path: Path };

/** One resource of the operator's, not yet looked into. */
export type Raw = { readonly kind: ResourceKind; readonly value: JsonObject; readonly place: Place } & Pick<
  Manifest,
  'home'
>;

/** Whether it is a resource, or a list of them, whosever. */
export function isOfKubernetes({ tree }: TreeDocument): boolean {
  return scalarIn(tree, 'apiVersion') !== null && scalarIn(tree, 'kind') !== null;
}

/** Whether there is a resource of the operator's in it. */
export function isOfOperator({ tree }: TreeDocument): boolean {
  const isOwn = (each: Tree): boolean => scalarIn(each, 'apiVersion')?.startsWith(`${GROUP}/`) === true;
  const items = memberIn(tree, 'items');
  return isOwn(tree) || (items?.kind === 'list' && items.items.some(isOwn));
}

export function memberIn(tree: Tree, name: string): Tree | null {
  return tree.kind === 'map' ? (tree.members.find((member) => member.name === name)?.value ?? null) : null;
}

/** The text that a member is; `null` where there is none. */
export function scalarIn(tree: Tree, name: string): string | null {
  const member = memberIn(tree, name);
  return member?.kind === 'scalar' && typeof member.value === 'string' ? member.value : null;
}

/** The operator's resources in all of them; what else is there is noted, or is a problem where there is nothing but that. */
export function rawsIn(manifests: readonly Manifest[], report: OnDiagnostic, note: OnDiagnostic): readonly Raw[] {
  const isMixed = manifests.some(({ document }) => isOfOperator(document));
  const others = isMixed ? note : report;
  return manifests.flatMap(({ document, text, home }) => {
    const source = readTree(document, text, null, report, note);
    if (source === null || !isObject(source.value)) return [];
    const { value } = source;
    const { items } = value;
    const found: readonly (readonly [Json, Path])[] = isList(items)
      ? items.map((item, index) => [item, ['items', index]] as const)
      : [[value, []]];
    if (found.length === 0) others(diagnose(text, source.at([]), EMPTY));
    return found.flatMap(([item, path]): readonly Raw[] => {
      const place = { source, path };
      const kind = kindOf(item, place, report, others);
      return kind === null || !isObject(item) ? [] : [{ kind, value: item, place, home }];
    });
  });
}

const EMPTY: Problem = {
  rule: 'kubernetes',
  message: 'The list is empty: kubectl found nothing.',
  hint: `Ask for all kinds in all namespaces: ${PIPE}`,
};

/** The text that a member is; `null` where there is none. */
export function textIn(value: Json | undefined, name: string): string | null {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === 'string' && text !== '' ? text : null;
}

function kindOf(item: Json, { source, path }: Place, report: OnDiagnostic, others: OnDiagnostic): ResourceKind | null {
  const [version, name] = [textIn(item, 'apiVersion') ?? '', textIn(item, 'kind') ?? ''];
  const fail = (member: string, message: string, hint: string): null => {
    report(diagnose(source.text, source.at([...path, member]), { rule: 'kubernetes', message, hint }));
    return null;
  };
  if (!version.startsWith(`${GROUP}/`)) {
    const message = `${quoted(name)} of ${quoted(version)} is none of the operator's resources, so it was passed over.`;
    const hint = `Those are of ${VERSION}: ${Object.keys(RESOURCES).join(', ')}.`;
    others(diagnose(source.text, source.at([...path, 'kind']), { rule: 'kubernetes', message, hint }));
    return null;
  }
  if (version !== VERSION)
    return fail('apiVersion', `${quoted(version)} is not known here.`, `Known is ${VERSION}, with its fields.`);
  if (isResourceKind(name)) return name;
  const known = Object.keys(RESOURCES);
  return fail('kind', `There is no kind ${quoted(name)}.${didYouMean(name, known)}`, `Known are ${known.join(', ')}.`);
}
