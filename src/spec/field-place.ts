/** Where a key of a spec says what one of its fields is. */
import type { Origin } from '../model/resource.ts';
import { fieldNamed } from './columns.ts';
import type { Form } from './forms.ts';
import type { LayerAt } from './layers.ts';
import type { Text } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';
import type { User } from './roster.ts';

/** A place, and the text that it is in. */
export type FieldPlace = { readonly text: Text; readonly origin: Origin };

/** The place of a field, its name, a member of the metadata (`metadata.team`) or a name that it is shared with (`shared_with.0`); the key's, where nothing says it. */
export type FieldPlaces = (field: string) => FieldPlace;

/** The nearest layer says it, which for a user of a roster may be a row of a table; the last of them is the nearest. */
export function fieldPlaces(
  layers: readonly LayerAt[],
  user: User | null,
  { text, at }: Source,
  path: Path,
  form: Form,
): FieldPlaces {
  return (field) => {
    const ways = waysTo(field);
    const said = layers.flatMap(({ layer, path: start }) => {
      const way = ways.find((steps) => isIn(layer, steps));
      return way === undefined ? [] : [{ layer, steps: [...start, ...way] }];
    });
    const nearest = said.at(-1);
    if (nearest !== undefined && nearest.layer !== user?.own.layer) return { text, origin: at(nearest.steps) };
    const column = Object.keys(user?.columns ?? {}).find((name) =>
      ways.some(([step]) => fieldNamed(name, form) === step),
    );
    if (user !== null && (nearest !== undefined || (field === 'user_id' && column !== undefined)))
      return { text: user.text, origin: user.at(column) };
    return { text, origin: at(path) };
  };
}

/** The best first. */
function waysTo(field: string): readonly Path[] {
  if (field === 'expires') return [['expires'], ['duration']];
  const [, open = '', member] = /^(metadata|shared_with)\.(.*)$/s.exec(field) ?? [];
  return member === undefined ? [[field]] : [[open, member], [open]];
}

function isIn(layer: object, [name = '', member]: Path): boolean {
  const value: unknown = Object.entries(layer).find(([each]) => each === name)?.[1];
  if (member === undefined) return value !== undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, member);
}
