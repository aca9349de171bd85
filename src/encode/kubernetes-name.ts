/** Names as Kubernetes takes them: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and …/labels/. */
import { oneLine } from './terminal.ts';

const SUBDOMAIN = String.raw`[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*`;
const WORD = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const OBJECT = {
  pattern: new RegExp(`^(?=.{1,253}$)${SUBDOMAIN}$`),
  rule: 'It takes up to 253 small letters, digits, - and ., with a letter or a digit first and last.',
};

const RULES = {
  namespace: {
    pattern: /^(?=.{1,63}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
    rule: 'It takes up to 63 small letters, digits and -, with a letter or a digit first and last.',
  },
  Secret: OBJECT,
  workload: OBJECT,
  'value of data': { pattern: /^(?!\.\.)(?!\.$)[-._a-zA-Z0-9]{1,253}$/, rule: 'Use letters, digits, -, _ and .' },
  label: {
    pattern: new RegExp(`^(?:(?=[^/]{1,253}/)${SUBDOMAIN}/)?${WORD}$`),
    rule: 'It takes up to 63 letters, digits, -, _ and ., and a domain with / before it if it likes.',
  },
} as const;

/** What a name is of. An annotation's is as a label's. */
export type NamedThing = keyof typeof RULES;

/** What is wrong with a text, and what to do. */
export type NameFault = { readonly message: string; readonly hint: string };

/** Why the text is no name of such a thing; `null` where it is one. */
export function nameFault(thing: NamedThing, text: string): NameFault | null {
  const { pattern, rule } = RULES[thing];
  return pattern.test(text) ? null : { message: `${shown(text)} is no name for a ${thing}.`, hint: rule };
}

/** Why a label cannot have the text as its value; `null` where it can. */
export function labelFault(label: string, text: string): NameFault | null {
  if (text === '' || new RegExp(`^${WORD}$`).test(text)) return null;
  const message = `${shown(text)} is no value for the label ${oneLine(label)}.`;
  return { message, hint: 'A label takes up to 63 letters, digits, -, _ and .; an annotation takes any text.' };
}

/** The names that the data of a Secret take. */
export const DATA_NAME = { pattern: RULES['value of data'].pattern, hint: RULES['value of data'].rule };

/** What all data of a Secret may take, in bytes: https://kubernetes.io/docs/concepts/configuration/secret/. */
export const LONGEST_DATA = 1_048_576;

/** Workloads that can be restarted, as a spec writes them: `deployment/NAME`. */
export const WORKLOADS = { deployment: 'deployments', statefulset: 'statefulsets', daemonset: 'daemonsets' } as const;
export type Workload = keyof typeof WORKLOADS;

/** `deployment/search` in its parts; `null` for what is none, whatever its name. */
export function workloadIn(text: string): { readonly kind: Workload; readonly name: string } | null {
  const [, kind = '', name = ''] = /^([a-z]+)\/(.*)$/s.exec(text) ?? [];
  return isWorkload(kind) ? { kind, name } : null;
}

function isWorkload(kind: string): kind is Workload {
  return Object.hasOwn(WORKLOADS, kind);
}

function shown(text: string): string {
  return JSON.stringify(oneLine(text.length > 100 ? `${text.slice(0, 100)}…` : text));
}
