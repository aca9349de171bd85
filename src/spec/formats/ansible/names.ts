/** Which names of variables a role knows. */
import { isObject, type Json } from '../../../base/json.ts';
import { didYouMean } from '../../../base/suggest.ts';
import type { Path } from '../../read/tree.ts';
import type { Fail, RoleUse } from './playbook.ts';
import { nameOf, roleOf, VARIABLES } from './roles.ts';
import { isEmpty } from './variables.ts';

/** Reports what no role knows, and what can only be said in another way; answers with what changes nothing here. */
export function checkNames({ role, layers }: RoleUse, fail: Fail): readonly Path[] {
  const known = VARIABLES.map((variable) => nameOf(role, variable));
  const idle: Path[] = [];
  for (const { variables, path: around } of layers) {
    for (const [name, value] of Object.entries(variables)) {
      const path = [...around, name];
      const other = roleOf(name);
      const inner = name.slice(role.prefix.length);
      if (other === null || known.includes(name)) continue;
      if (other !== role) {
        const message = `${name} is of the role ${other.name}, and others here are of ${role.name}.`;
        fail(path, { rule: 'ansible', message, hint: 'Put the two into two files, or into two tasks.' }, 'name');
      } else if (role.idle.includes(inner)) {
        if (!isEmpty(value)) idle.push(path);
      } else if (role.former.includes(inner)) {
        if (isOff(value)) continue;
        const message = `${name} adds to what ${role.prefix}models and ${role.prefix}duration say.`;
        const hint = `Write all models into ${role.prefix}models, and the time into ${role.prefix}duration.`;
        fail(path, { rule: 'ansible', message, hint }, 'name');
      } else {
        const message = `There is no variable ${name}.${didYouMean(name, known)}`;
        fail(path, { rule: 'unknown-field', message, hint: 'The variables are those of the Ansible role.' }, 'name');
      }
    }
  }
  return idle;
}

function isOff(value: Json): boolean {
  return isEmpty(value) || value === false || (isObject(value) && Object.keys(value).length === 0);
}
