/** What of the files in a folder is a spec: others lie there too. */
import { isOfAnsible } from './formats/ansible/relevant.ts';
import { isOfOperator } from './formats/kubernetes/manifests.ts';
import type { TreeDocument } from './read/tree.ts';
import { headSchema } from './schema.ts';

/** `version` says nothing, nor do `rules` beside members of others: other formats have them too. */
const COMMON = new Set(['version', 'rules']);
const MEMBERS = new Set(Object.keys(headSchema.shape).filter((name) => !COMMON.has(name)));

/** Whether it has rules and nothing else. */
export function isOfRules(document: TreeDocument): boolean {
  const names = namesOf(document);
  return names.includes('rules') && names.every((name) => COMMON.has(name));
}

export function isSpec(document: TreeDocument): boolean {
  return (
    isOfRules(document) ||
    isOfAnsible(document) ||
    isOfOperator(document) ||
    (namesOf(document).some((name) => MEMBERS.has(name)) && !isOwn(document))
  );
}

/** Whether vkeys wrote it itself: a hand-out, a document of `-o json`, a schema. */
export function isOwn(document: TreeDocument): boolean {
  const names = namesOf(document);
  return [
    ['api_endpoint', 'api_base_url', 'keys'],
    ['changed', 'summary', 'keys'],
    ['$schema', 'properties'],
  ].some((all) => all.every((name) => names.includes(name)));
}

function namesOf({ tree }: TreeDocument): readonly string[] {
  return tree.kind === 'map' ? tree.members.map(({ name }) => name) : [];
}
