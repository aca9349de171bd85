/**
 * Secrets lie beside the operator's resources in what kubectl prints, and the lines around a problem may be theirs. What they
 * hold is hidden in those lines alone: a Secret has addresses and names too, which the rest of a run has to be able to say.
 */
import type { Text } from '../../read/text.ts';
import type { Tree } from '../../read/tree.ts';
import { memberIn, scalarIn, type Manifest } from './manifests.ts';

/** The manifests, with texts whose lines show nothing of what a Secret holds. */
export function veiled(manifests: readonly Manifest[]): readonly Manifest[] {
  const texts = new Map<Text, Text>();
  for (const text of new Set(manifests.map((each) => each.text))) {
    const trees = manifests.flatMap(({ document: { tree }, ...its }) => (its.text === text ? [tree] : []));
    const words = new Set(trees.flatMap((tree) => [tree, ...itemsOf(tree)]).flatMap(heldIn));
    if (words.size > 0) texts.set(text, without(text, words));
  }
  return manifests.map((each) => ({ ...each, text: texts.get(each.text) ?? each.text }));
}

function itemsOf(tree: Tree): readonly Tree[] {
  const items = memberIn(tree, 'items');
  return items?.kind === 'list' ? items.items : [];
}

/** Shorter ones are no secrets, and would hide half of a line. */
const SHORTEST = 4;
/** Between words, in YAML and in JSON: what is compared word by word takes no longer where Secrets are many and lines long. */
const BETWEEN = /(\\u[\da-f]{4}|\\.|[\s"',:{}[\]&<>])/;

/** The words of what a Secret holds: a long text stands on several lines, and in JSON with escapes. */
function heldIn(resource: Tree): readonly string[] {
  if (resource.kind !== 'map' || scalarIn(resource, 'kind') !== 'Secret') return [];
  const held = resource.members.filter(({ name }) => name === 'data' || name === 'stringData');
  const texts = held.flatMap(({ value }) => textsIn(value)).flatMap((text) => [text, JSON.stringify(text)]);
  return texts.flatMap((text) => text.split(BETWEEN)).filter((word) => word.length >= SHORTEST);
}

function textsIn(tree: Tree): readonly string[] {
  if (tree.kind === 'map') return tree.members.flatMap(({ value }) => textsIn(value));
  if (tree.kind === 'scalar') return [tree.written ?? String(tree.value)];
  return tree.kind === 'broken' && tree.written !== null ? [tree.written] : [];
}

/** As long as before, so that places stay. */
function without(text: Text, words: ReadonlySet<string>): Text {
  const hide = (word: string): string => (words.has(word) ? '*'.repeat(word.length) : word);
  return {
    ...text,
    line: (number) => {
      const line = text.line(number);
      return line === null ? null : line.split(BETWEEN).map(hide).join('');
    },
  };
}
