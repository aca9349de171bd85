/** What is typed into a terminal or put into a file, with the key in it. */
import { filled } from '../handout/language.ts';
import type { Letter } from '../handout/envelope.ts';
import type { ClientTab } from '../handout/page-data.ts';

export const SHELLS = { posix: 'macOS, Linux', powershell: 'Windows PowerShell', dotenv: '.env' } as const;
export type Shell = keyof typeof SHELLS;

/** What braces of a snippet stand for. Without a model, what names one is left out. */
export type Values = Readonly<Record<string, string>>;

export function valuesOf({ key, api_endpoint }: Letter, model: string | null): Values {
  return { key, api_endpoint, api_base_url: `${api_endpoint}/v1`, ...(model === null ? {} : { model }) };
}

export function variablesText({ variables }: ClientTab, values: Values, shell: Shell): string {
  return Object.entries(variables)
    .map(([name, template]) => [name, filled(template, values)] as const)
    .filter(([, value]) => value !== '{model}')
    .map(([name, value]) => WRITE[shell](name, value))
    .join('\n');
}

const WRITE: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  posix: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`,
  dotenv: (name, value) => `${name}=${value}`,
};

/** The files are JSON, TOML and YAML, in whose quotes text is written alike. */
export function fileText(text: string, values: Values): string {
  const quoted = Object.entries({ model: 'MODEL', ...values }).map(([name, value]) => [
    name,
    JSON.stringify(value).slice(1, -1),
  ]);
  return filled(text, Object.fromEntries(quoted));
}
