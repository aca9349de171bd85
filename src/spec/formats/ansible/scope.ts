/** What the variables are where a role is used. */
import type { Json } from '../../../base/json.ts';
import type { Path } from '../../read/tree.ts';
import type { RoleUse } from './playbook.ts';
import { nameOf, VARIABLES, type Role, type Variable } from './roles.ts';

export type Scope = {
  readonly role: Role;
  /** What somebody set, and where. */
  readonly own: (variable: Variable) => { readonly value: Json; readonly path: Path } | null;
  /** Any variable's value, the role's default among them. */
  readonly lookUp: (name: string) => Json | undefined;
  /** Where a variable is, or else the alias, or else the use of the role. */
  readonly placeOf: (variable: Variable) => Path;
};

export function scopeOf({ role, layers, path }: RoleUse): Scope {
  const find = (name: string) => layers.findLast(({ variables }) => Object.hasOwn(variables, name));
  const placed = (name: string): ReturnType<Scope['own']> => {
    const layer = find(name);
    return layer === undefined ? null : { value: layer.variables[name] ?? null, path: [...layer.path, name] };
  };
  const own = (variable: Variable): ReturnType<Scope['own']> => placed(nameOf(role, variable));
  return {
    role,
    own,
    lookUp: (name) => {
      const set = placed(name);
      const variable = VARIABLES.find((each) => nameOf(role, each) === name);
      return set === null ? variable && role.defaults[variable] : set.value;
    },
    placeOf: (variable) => own(variable)?.path ?? own('alias')?.path ?? path,
  };
}
