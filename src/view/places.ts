/** What the places of keys hold. */
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Held, LookedAt } from '../model/place.ts';
import type { Look } from './look.ts';
import { pathTexts } from './paths.ts';
import { tableText } from './table.ts';
import { count } from './value.ts';

/** Whether every place has the key as it should. */
export function isCurrent({ held, isKnown }: LookedAt): boolean {
  return isKnown && held.every(({ state }) => state === 'current');
}

/** For programs. */
export function lookedJson({ set, ref, held, isKnown }: LookedAt): JsonObject {
  return { set, key_alias: ref.name, known: isKnown, held: held.map((each) => ({ ...each })) };
}

const COLUMNS = ['key', 'state', 'place'];

type Row = { readonly name: string; readonly state: Held['state'] | 'unkept'; readonly place: Held | null };

/** What is not as it should be, a line for each place, and the sum; for a program all of it, as tab-separated lines. */
export function lookedText(looked: readonly LookedAt[], look: Look): string {
  const rows = looked.flatMap(({ ref: { name }, held, isKnown }): readonly Row[] =>
    isKnown ? held.map((place) => ({ name, state: place.state, place })) : [{ name, state: 'unkept', place: null }],
  );
  if (look.columns === null)
    return rows
      .map(
        ({ name, state, place }) =>
          `${[name, state, place?.path ?? '', ...(place?.why == null ? [] : [place.why])].map(oneLine).join('\t')}\n`,
      )
      .join('');
  const odd = rows.filter(({ state }) => state !== 'current');
  const current = rows.length - odd.length;
  if (odd.length === 0) return `${count(current, 'place')} ${current === 1 ? 'holds' : 'hold'} what is wanted.\n`;
  const lines = odd.map(({ name, state, place }) => [oneLine(name), WORDS[state], placeText(place, look)]);
  const sum = `${String(current)} of ${count(rows.length, 'place')} as wanted.`;
  return `${tableText(COLUMNS, lines, look)}\n${sum}\n`;
}

/** A row for each place of a key that is not as it should be: key, state, place. */
export function heldRows(name: string, held: readonly Held[], look: Look): readonly (readonly string[])[] {
  const odd = held.filter(({ state }) => state !== 'current');
  return odd.map((place) => [oneLine(name), `place ${WORDS[place.state]}`, placeText(place, look)]);
}

const WORDS: Readonly<Record<Row['state'], string>> = {
  current: 'current',
  stale: 'stale',
  missing: 'missing',
  foreign: "somebody else's",
  unknown: 'cannot be told',
  unkept: 'not in the keyring',
};

function placeText(place: Held | null, look: Look): string {
  if (place === null) return '';
  const [text = ''] = pathTexts([place.path], 1, look);
  return place.why === null ? text : `${text}: ${oneLine(place.why)}`;
}
