/**
 * A secret of somebody's own that stands where a key is to be put for the first time: `OPENAI_API_KEY` of their own account in
 * a `.env` file. It is in no keyring, so nobody could bring it back.
 */
import { placeholdersOf } from '../base/template.ts';
import { oneLine } from '../encode/terminal.ts';
import { NotOursError } from './not-ours.ts';
import type { Part } from './sink.ts';
import { variablesIn, type NameRule, type Values } from './variables.ts';

/** A token, as people have them; a text like `your-key-here` is worth nothing. */
const PRECIOUS = /^[\w.+/=:-]{20,}$/;
/** What providers issue: a key of LiteLLM's, which may be an older one of ours, begins with `sk-` too. */
const OF_PROVIDERS = /sk-(?:proj|svcacct|admin|ant|or-v1)-|T3BlbkFJ/;

/** Throws `NotOursError` where a key would be written over one. */
export function assertFree(present: Values, parts: readonly Part[], rule: NameRule): void {
  for (const part of parts.filter(({ before }) => before.length === 0)) {
    const secret = part.key.secret.reveal();
    for (const { name, template } of variablesIn(part, rule)) {
      const value = present.get(name) ?? '';
      if (!placeholdersOf(template).includes('key') || value.includes(secret)) continue;
      if (PRECIOUS.test(value) && !mayBeOurs(value)) throw taken(name);
    }
  }
}

function mayBeOurs(value: string): boolean {
  return value.includes('sk-') && !OF_PROVIDERS.test(value);
}

function taken(name: string): NotOursError {
  return new NotOursError(
    'delivery',
    `${oneLine(name)} has a secret there already that vkeys did not write.`,
    'Keep it under another name, or take it out there; or choose another place.',
  );
}
