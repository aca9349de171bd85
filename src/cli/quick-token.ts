/**
 * `vkeys token KEY` without the program around it: a client that asks it waits for the answer at each start. What is not as simple
 * as that, an error too, is left to the command, which knows all flags and says everything in words.
 */
import { VkeysError } from '../base/errors.ts';
import { serverUrl } from '../litellm/http/url.ts';
import { selectorOf } from '../model/selector.ts';
import { findKept } from '../run/kept-key.ts';
import { keyringChoice } from '../run/keyrings.ts';
import type { World } from '../run/world.ts';
import { assertUnquoted, withoutEmpty } from './environment.ts';

const FLAG = /^--(?<name>set|server|keyring)=(?<value>.+)$/s;

/** The secret; `null` where the command has to answer. */
export async function quickToken(words: readonly string[], world: World): Promise<string | null> {
  const given: Record<string, string> = {};
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const before = words.slice(0, end).filter((word) => {
    const { name, value } = FLAG.exec(word)?.groups ?? {};
    if (name === undefined || value === undefined || given[name] !== undefined) return true;
    given[name] = value;
    return false;
  });
  const [key, ...others] = [...before, ...words.slice(end + 1)];
  if (before.some((word) => word.startsWith('-')) || key === undefined || key === '-' || others.length > 0) return null;
  try {
    const { set, server, keyring } = given;
    const env = withoutEmpty(world.env);
    assertUnquoted(env);
    const selector = selectorOf(key);
    /* The command warns of a key that stands there in full. */
    if (selector.is === 'secret') return null;
    const wanted = { selector, set, server: server === undefined ? undefined : serverUrl(server) };
    const quick = { ...world, env };
    if (keyringChoice(quick, { keyring }).seal !== null) return null;
    const { entry } = await findKept(quick, { keyring }, wanted);
    return entry.secret.reveal();
  } catch (error) {
    if (error instanceof VkeysError) return null;
    throw error;
  }
}
