/** Templates of a client's file with their words filled in. Pure. */
import { fill, placeholdersOf } from '../base/template.ts';
import type { Template, Templates } from './client.ts';

export type Values = Readonly<Record<string, string>>;

/** Whether there is a value for each word. */
export function isFilled(template: string, values: Values): boolean {
  return placeholdersOf(template).every((name) => Object.hasOwn(values, name));
}

/** The variables for which there are values: none is ever empty. */
export function filledVariables(
  variables: Readonly<Record<string, string>>,
  values: Values,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(variables).flatMap(([name, template]) =>
      isFilled(template, values) ? [[name, fill(template, values)] as const] : [],
    ),
  );
}

/** The members for which there are values. An item of a list without its name is none, and a list or object without anything neither. */
export function filledMembers(members: Templates, values: Values): Templates {
  const found = Object.entries(members).flatMap(([name, template]) => {
    const value = isFilled(name, values) ? filledOne(template, values) : undefined;
    return value === undefined ? [] : [[fill(name, values), value] as const];
  });
  return Object.fromEntries(found);
}

function filledOne(template: Template, values: Values): Template | undefined {
  if (typeof template === 'string') return isFilled(template, values) ? fill(template, values) : undefined;
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template)) {
    const whole = template.flatMap((item): readonly Template[] => {
      const value = filledOne(item, values);
      return value === undefined || (isNamed(item) && !isNamed(value)) ? [] : [value];
    });
    return whole.length === 0 ? undefined : whole;
  }
  const object = filledMembers(template, values);
  return Object.keys(object).length === 0 ? undefined : object;
}

/** Whether a word stands somewhere in a template. */
export function hasWord(template: Template, word: string): boolean {
  if (typeof template === 'string') return placeholdersOf(template).includes(word);
  if (typeof template !== 'object' || template === null) return false;
  if (isList(template)) return template.some((item) => hasWord(item, word));
  return Object.entries(template).some(([name, each]) => hasWord(name, word) || hasWord(each, word));
}

export function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template);
}

/** Whether it is an object that a list knows by its name. */
function isNamed(item: Template): boolean {
  return typeof item === 'object' && item !== null && !isList(item) && Object.hasOwn(item, 'name');
}
