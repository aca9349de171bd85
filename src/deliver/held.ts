import { Secret } from '../base/secret.ts';

/** Nobody has longer secrets; LiteLLM takes none under 16 characters. A value that is longer than the last is no line of text. */
const [SHORTEST, LONGEST, LINE] = [16, 128, 4096];

/**
 * The keys among these whose secret stands in a value, known by its SHA-256: it may be the whole of it, a word (`Bearer
 * sk-…`), or run into what a template puts behind it.
 */
export function heldIn(value: string, key_ids: ReadonlySet<string>): readonly string[] {
  if (key_ids.size === 0) return [];
  const words = new Set([value, ...value.split(/[\s"'`,;:=/]+/), ...(value.match(/sk-[\w-]+/g) ?? [])]);
  const found = known(words, key_ids);
  return found.length > 0 || value.length > LINE ? found : known(beginnings(value), key_ids);
}

function known(words: Iterable<string>, key_ids: ReadonlySet<string>): readonly string[] {
  return [...words].map((word) => new Secret(word).hash()).filter((hash) => key_ids.has(hash));
}

function* beginnings(value: string): Generator<string> {
  for (const { index } of value.matchAll(/sk-/g)) {
    const most = Math.min(value.length, index + LONGEST);
    for (let end = index + SHORTEST; end < most; end += 1) yield value.slice(index, end);
  }
}
