/** What a file is to hold, given what it holds: one question for the plan, for writing and for taking away. */
import { mergeCsv, withoutCsv } from './sinks/csv.ts';
import { mergeDotenv } from '../encode/dotenv.ts';
import type { DeliverTo, Gone, Handout } from './handout.ts';
import { mergeJson, withoutJson } from './sinks/json.ts';
import type { Target } from './assign.ts';
import { variablesOf, withoutVariablesOf } from './sinks/dotenv.ts';

/** The text with these keys in it; `text` is `null` where there is no file. Throws `delivery`. */
export async function withKeys(target: Target<Handout>, text: string | null, to: DeliverTo): Promise<string> {
  const handouts = [...new Map(target.parts.map(({ key }) => [key.key_alias, key])).values()];
  switch (target.to) {
    case 'dotenv':
      return mergeDotenv(text ?? '', variablesOf(target.parts, to));
    case 'json':
      return mergeJson(text, handouts, to);
    case 'csv':
      return mergeCsv(text, handouts, to);
  }
}

/** The text without these keys; `null` when nothing is left. Throws `delivery`. */
export async function withoutKeys(target: Target<Gone>, text: string, to: DeliverTo): Promise<string | null> {
  const key_ids = new Set(target.parts.map(({ key }) => key.key_id));
  switch (target.to) {
    case 'dotenv':
      return withoutVariablesOf(target.parts, text, to);
    case 'json':
      return withoutJson(text, key_ids);
    case 'csv':
      return withoutCsv(text, key_ids);
  }
}
