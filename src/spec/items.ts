/** Items of a list → the things that they ask for. */
import { isObject, type Json } from '../base/json.ts';
import { excessOf } from './allowance.ts';
import type { DesiredAt } from './desired.ts';
import { expand, type Common } from './expand.ts';
import type { Entry, Form } from './forms.ts';
import { sound } from './issues.ts';
import type { LayerAt } from './layers.ts';
import { policyUnder, type Policies } from './policies.ts';
import type { Path } from './read/tree.ts';

/** An item of a list that is sound, and the things that it asks for. */
export type Expanded = { readonly entry: Entry; readonly path: Path; readonly things: readonly DesiredAt[] };

/** Items of one list, all of one kind. `under`: what counts where an item says nothing. */
export type Items = {
  readonly items: readonly Json[];
  readonly path: Path;
  readonly form: Form;
  readonly under: (item: Json, path: Path) => readonly LayerAt[];
  readonly policies: Policies;
};

/** The items that are sound, expanded; what is wrong with the others is reported. */
export async function expandAll(
  { items, path: list, form, under, policies }: Items,
  common: Common,
): Promise<readonly Expanded[]> {
  const { source, allowance, report } = common;
  const expanded: Expanded[] = [];
  for (const [index, item] of items.entries()) {
    if (excessOf(allowance) !== null) break;
    const path = [...list, index];
    const entry = sound(form.schema, item, path, source, report);
    // Without its roster a thing would be another one.
    if (entry === null || (isObject(item) && 'roster' in item && entry.roster === undefined)) continue;
    const layers = [...under(item, path), ...policyUnder(entry, path, form, policies, common)];
    expanded.push({ entry, path, things: await expand({ form, entry, path, under: layers }, common) });
  }
  return expanded;
}
