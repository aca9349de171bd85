/** What texts of many keys have in common: the template from which their own placeholders make each of them. */
import { fill, literal } from '../base/template.ts';

/** A text of one key, and what its templates may name. */
export type Filled = { readonly text: string; readonly names: Readonly<Record<string, string>> };

/** A way to say a text, and whether it says a key's. */
type Saying = { readonly shown: string; readonly fits: (filled: Filled) => boolean };

/** So many keys decide between the templates of one of them. */
const SAMPLE = 50;
/** After so many keys whose templates say nobody else's text, the rest is taken as it is. */
const PATIENCE = 8;

/** Of each text what it is alike with others: the text itself, or a template; `null` where it is like no other. */
export function patternsOf(all: readonly Filled[]): readonly (string | null)[] {
  const [first] = all;
  if (first === undefined || all.every(({ text }) => text === first.text)) return all.map(({ text }) => text);
  const patterns = new Map<Filled, string | null>();
  let rest = all;
  for (let failures = 0; rest.length > 0 && failures < PATIENCE;) {
    const alike = best(rest);
    if (alike.keys.length < 2) failures += 1;
    const said = new Set(alike.keys);
    for (const key of said) patterns.set(key, said.size < 2 ? null : alike.shown);
    rest = rest.filter((key) => !said.has(key));
  }
  return all.map((key) => patterns.get(key) ?? null);
}

/** Whom the best saying of the first key's text fits: at least that key. */
function best(rest: readonly Filled[]): { readonly shown: string; readonly keys: readonly Filled[] } {
  const [first, ...others] = rest;
  if (first === undefined) return { shown: '', keys: [] };
  const sample = others.slice(0, SAMPLE);
  const rated = sayingsOf(first).map((saying) => ({ saying, votes: sample.filter(saying.fits).length }));
  const { saying } = rated.reduce((a, b) => (b.votes > a.votes ? b : a));
  return { shown: saying.shown, keys: [first, ...others.filter(saying.fits)] };
}

/** The text itself; and templates: a name that is all of it, one name, all, and all but one, each before others of its value. */
function sayingsOf({ text, names }: Filled): readonly [Saying, ...Saying[]] {
  const parts = Object.entries(names).filter(([, value]) => value !== '' && text.includes(value));
  const templates = new Set([
    ...parts.filter(([, value]) => value === text).map(([name]) => `{${name}}`),
    ...parts.map((part) => templateOf(text, [part])),
    ...parts.map((part) => templateOf(text, [part, ...parts])),
    ...parts.map((part) =>
      templateOf(
        text,
        parts.filter((other) => other !== part),
      ),
    ),
  ]);
  return [
    { shown: text, fits: (other) => other.text === text },
    ...[...templates].map((shown) => ({ shown, fits: (other: Filled) => fill(shown, other.names) === other.text })),
  ];
}

/** The text with names for their values, from the left; of several that fit the longest. */
function templateOf(text: string, parts: readonly (readonly [string, string])[]): string {
  const longestFirst = parts.toSorted(([, a], [, b]) => b.length - a.length);
  let template = '';
  for (let at = 0; at < text.length;) {
    const found = longestFirst.find(([, value]) => text.startsWith(value, at));
    template += found === undefined ? literal(text.charAt(at)) : `{${found[0]}}`;
    at += found === undefined ? 1 : found[1].length;
  }
  return template;
}
