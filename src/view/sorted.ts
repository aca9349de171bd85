/** Very many objects in the order of a column: of each only what it is sorted by and what will be printed is held, packed. */
import { copyOf } from '../base/copy.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { startPacking, type Packed } from '../encode/packed.ts';
import { plainText } from '../encode/plain.ts';

/** Objects in the order of a column, whatever the order in which they came. */
export type Sorted = {
  readonly add: (row: JsonObject, held: JsonObject) => void;
  readonly all: () => readonly Packed[];
};

export function startSorting(column: string, isDescending = false): Sorted {
  const collator = new Intl.Collator('en', { numeric: true });
  const compare = (a: Json, b: Json): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(plainText(a), plainText(b));
  const pack = startPacking();
  const all: (Packed & { readonly by: Json })[] = [];
  return {
    add: (row, held) => void all.push({ ...pack(held), by: heldOf(row[column] ?? null) }),
    all: () =>
      all.toSorted(({ by: a }, { by: b }) => {
        if (a === null || b === null) return Number(a === null) - Number(b === null);
        return isDescending ? compare(b, a) : compare(a, b);
      }),
  };
}

function heldOf(value: Json): Json {
  return typeof value === 'string' ? copyOf(value) : value;
}
