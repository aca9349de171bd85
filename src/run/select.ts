/**
 * The keys of a server that words and a filter name. An alias, a hash, a secret's hash and the key of a spec are looked up,
 * whatever else the server has; a pattern, a masked key and the beginning of a hash need its list, of which only what is meant is held.
 */
import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { keyStore } from '../litellm/key-store.ts';
import { streamKeys, type Detail } from '../litellm/survey.ts';
import type { Live } from '../model/resource.ts';
import { isNamed, passes, type Selector } from '../model/selector.ts';
import { isSpecKey } from '../model/spec-key.ts';
import type { Survey } from '../model/survey.ts';
import type { Named, Word } from './choice.ts';
import type { Context, Session } from './open.ts';
import { setOf } from './single.ts';

export type Selection = {
  /** Each once. */
  readonly keys: readonly Live[];
  /** Words that name none of them. */
  readonly missing: readonly Word[];
  /** Those of the keys that a pattern or the filter chose, and no name of their own. */
  readonly matched: ReadonlySet<Live>;
  /** How many keys each set has, where anything was matched. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What was looked at. */
  readonly survey: Survey;
  /** What of the list could not be read, in words. */
  readonly gaps: readonly string[];
  /** Patterns and filters may mean more than these: the server has more than it showed. */
  readonly isShort: boolean;
};

/** What the list told. */
type Listed = Pick<Selection, 'sizes' | 'gaps' | 'isShort'>;

export type Looking = Pick<Context, 'hear'> & { readonly session: Session; readonly look?: Partial<Detail> };

/** Throws `refused` where a masked key, or the beginning of a hash, may be one of several. */
export async function selectKeys(looking: Looking, choice: Named): Promise<Selection> {
  const selection = await findChosen(looking, choice);
  for (const word of choice.selectors) {
    const lives = namedBy(word, selection.keys);
    if ((word.is === 'mask' || word.is === 'beginning') && lives.length > 1) throw ambiguous(word, lives);
  }
  return selection;
}

/** The one key that a word names. Throws `NoSuchKey` when there is none, `refused` when there are several. */
export async function selectKey(
  looking: Looking,
  word: Selector,
): Promise<{ readonly live: Live; readonly survey: Survey }> {
  const selection = await findChosen(looking, { selectors: [word], filter: {} });
  const [live, ...others] = selection.keys;
  if (live === undefined) throw new NoSuchKey(selection);
  if (others.length > 0) throw ambiguous(word, selection.keys);
  return { live, survey: selection.survey };
}

/** All that may be meant. */
export async function findChosen({ session, hear, look = {} }: Looking, choice: Named): Promise<Selection> {
  const { selectors, filter, also = () => true } = choice;
  const store = keyStore(session.connection, look);
  const wanted = {
    ids: [...new Set(selectors.flatMap(idsOf))],
    names: selectors.flatMap(namesOf),
    all: false,
  };
  const first = await store.survey(wanted);
  const isAll = selectors.length === 0;
  const left = selectors.filter((word) => isSearched(word, first.lives));
  if (first.complete || (!isAll && left.length === 0)) {
    const listed = { sizes: count(first.lives), gaps: first.gaps, isShort: false };
    const chosen = selectionOf(choice, first, listed);
    /* What no word names by itself was not looked at in detail. */
    const ids = (look.fields?.size ?? 0) === 0 ? [] : [...chosen.matched].map(({ id }) => id);
    return ids.length === 0
      ? chosen
      : selectionOf(choice, await store.survey({ ...wanted, ids: [...wanted.ids, ...ids] }), listed);
  }
  const isWanted = (live: Live, now: Date): boolean =>
    passes(filter, live, now) && (isAll ? also(live, now) : left.some((word) => isMeant(word, live)));
  const { lives, ...listed } = await searchKeys(session, hear, isWanted);
  const masks = new Map(lives.flatMap(({ id, key_name }) => (key_name === null ? [] : [[id, key_name] as const])));
  const ids = [...wanted.ids, ...lives.map(({ id }) => id)];
  return selectionOf(choice, lives.length === 0 ? first : await store.survey({ ...wanted, ids, masks }), listed);
}

function selectionOf({ selectors, filter, also = () => true }: Named, survey: Survey, listed: Listed): Selection {
  const there = survey.lives.filter((live) => passes(filter, live, survey.now));
  const named = selectors.map((word) => ({ word, lives: namedBy(word, there) }));
  const chosen = new Set(
    (selectors.length === 0 ? there : named.flatMap(({ lives }) => lives)).filter((live) => also(live, survey.now)),
  );
  const own = new Set(named.flatMap(({ word, lives }) => (word.is === 'glob' ? [] : lives)));
  return {
    ...listed,
    keys: [...chosen],
    missing: named.flatMap(({ word, lives }) => (lives.length === 0 ? [word] : [])),
    matched: new Set([...chosen].filter((live) => !own.has(live))),
    survey,
  };
}

/** What is looked up by its hash. */
function idsOf(word: Word): readonly string[] {
  if (word.is === 'spec') return [...word.kept].flatMap(([id, name]) => (word.names.includes(name) ? [id] : []));
  return word.is === 'hash' || word.is === 'secret' ? [word.text] : [];
}

/** What is looked up by its alias. */
function namesOf(word: Word): readonly string[] {
  if (word.is === 'spec') return word.names;
  return word.is === 'alias' || word.is === 'beginning' ? [word.text] : [];
}

function isMeant(word: Word, live: Live): boolean {
  return word.is === 'spec' ? isSpecKey(word, live) : isNamed(word, live);
}

/** An alias comes before the beginning of a hash. */
function namedBy(word: Word, lives: readonly Live[]): readonly Live[] {
  const same = word.is === 'beginning' ? lives.filter(({ name }) => name === word.text) : [];
  return same.length > 0 ? same : lives.filter((live) => isMeant(word, live));
}

/** Whether the keys of a word can only be found in the list. */
function isSearched(word: Word, looked: readonly Live[]): boolean {
  if (word.is === 'beginning') return !looked.some(({ name }) => name === word.text);
  return word.is === 'glob' || word.is === 'mask';
}

/** Reads the whole list. */
export async function searchKeys(
  { connection }: Session,
  hear: Context['hear'],
  isWanted: (live: Live, now: Date) => boolean,
): Promise<Listed & { readonly lives: readonly Live[] }> {
  const found: Live[] = [];
  const gaps: string[] = [];
  const sizes = new Map<string, number>();
  let [done, isShort] = [0, false];
  for await (const part of streamKeys(connection)) {
    const now = connection.clock.server();
    found.push(...part.lives.filter((live) => isWanted(live, now)));
    gaps.push(...part.gaps);
    ({ isShort } = part);
    count(part.lives, sizes);
    done += part.lives.length;
    hear({ is: 'progress', done, total: Math.max(part.total, done + 1) });
  }
  hear({ is: 'progress', done, total: done });
  return { lives: found, sizes, gaps, isShort };
}

/** How many keys each set has, beside those that were counted before. */
function count(lives: readonly Live[], sizes = new Map<string, number>()): Selection['sizes'] {
  for (const live of lives) sizes.set(setOf(live), (sizes.get(setOf(live)) ?? 0) + 1);
  return sizes;
}

/** So many candidates are enough to see what is meant. */
const SHOWN = 10;

function ambiguous({ label }: Word, lives: readonly Live[]): VkeysError {
  const lines = lives.slice(0, SHOWN).map(({ id, name, mark, created_at }) => {
    const whose = mark === null ? 'not made by vkeys' : `of the set ${mark.set}`;
    return `\n  ${name ?? '(no alias)'}  ${id}  ${whose}, made ${created_at ?? 'at an unknown time'}`;
  });
  const more = lives.length > SHOWN ? `\n  and ${String(lives.length - SHOWN)} more` : '';
  return new VkeysError(
    'refused',
    `There are ${String(lives.length)} keys that ${label} may be:${lines.join('')}${more}`,
    'Name the one that is meant by its hash, or by a longer beginning of it.',
    { facts: { key_ids: lives.map(({ id }) => id) } },
  );
}

/** Words that name no key. Names that were seen on the way are what may have been meant. */
export class NoSuchKey extends VkeysError {
  constructor({ missing, survey: { lives }, gaps }: Selection) {
    const known = lives.flatMap(({ name }) => (name === null ? [] : [name]));
    const lines = missing.map(
      (word) => `${sayMissing(word)}${word.is === 'alias' ? didYouMean(word.text, known) : ''}`,
    );
    const isKey = missing.every(({ is }) => is === 'secret' || is === 'hash' || is === 'mask');
    const hint = isKey ? 'It is deleted already, or of another server: --url' : 'See what there is: vkeys list';
    super('api', [...lines, ...gaps].join('\n'), hint, {
      facts: { missing: missing.map(({ label }) => label) },
    });
  }
}

/** That a word names no key. */
export function sayMissing(word: Word): string {
  const { label } = word;
  switch (word.is) {
    case 'spec':
      return `There is no key ${label} of the set ${word.set}.`;
    case 'alias':
      return `There is no key with the alias ${label}.`;
    case 'glob':
      return `There is no key whose alias matches ${label}.`;
    case 'hash':
      return `There is no key with the hash ${label}.`;
    case 'beginning':
      return `There is no key with the alias ${label}, and none whose hash begins so.`;
    case 'mask':
      return `There is no key that ends in ${label}.`;
    case 'secret':
      return `${label} is none of this server's keys.`;
  }
}
