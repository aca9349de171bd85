/**
 * What a word of the command line names: an alias, several with `*` and `?`, a hash or its beginning, what a server shows of
 * a secret, or the secret itself, of which nothing goes on but its hash. Pure.
 */
import { endOf } from '../base/duration.ts';
import { VkeysError } from '../base/errors.ts';
import { globPattern } from '../base/glob.ts';
import { Secret } from '../base/secret.ts';
import type { Live } from './resource.ts';
import { accessOf } from './sharing.ts';
import { statusOf, type Status } from './status.ts';

/** `text` is what is looked for, and `label` what people are told of it: neither ever has a secret in it. */
export type Selector = {
  readonly is: 'alias' | 'glob' | 'hash' | 'beginning' | 'mask' | 'secret';
  readonly text: string;
  readonly label: string;
};

/** What else a key must be. */
export type KeyFilter = {
  readonly set?: string | undefined;
  readonly user?: string | undefined;
  readonly team?: string | undefined;
  readonly status?: Status | undefined;
  /** Made so long ago, or longer: a duration. */
  readonly olderThan?: string | undefined;
  /** A user who has access: whose it is, or with whom it is shared. */
  readonly accessibleTo?: string | undefined;
};

/** Whether a text has the form of a key's hash. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}

/** A word as people paste it. Throws `usage`, without a word of it, where it has a secret in it that cannot be told. */
export function selectorOf(word: string): Selector {
  const text = word.trim().replace(/^(["'`])(.*)\1$/, '$2');
  if (text === '') throw new VkeysError('usage', 'The name of a key is empty.', 'Give an alias; see them: vkeys list');
  const mask = maskIn(text);
  if (mask !== null) return { is: 'mask', text: mask, label: `…${mask}` };
  const secret = secretIn(text);
  if (secret !== null) return { is: 'secret', text: secret.hash(), label: secret.masked() };
  if (isHash(text)) return { is: 'hash', text: text.toLowerCase(), label: text.toLowerCase() };
  if (/^[0-9a-f]{8,}$/i.test(text)) return { is: 'beginning', text, label: text };
  return { is: /[*?]/.test(text) ? 'glob' : 'alias', text, label: text };
}

/** The last four letters in `sk-...w4TQ`, `…w4TQ` or `sk-****w4TQ`. Throws `usage` for more or fewer of them. */
function maskIn(text: string): string | null {
  const [, tail] = /^(?:(?:sk-[\w-]{0,8})?(?:\.{3}|…)|sk-[\w-]{0,8}\*{3,})([\w-]*)$/.exec(text) ?? [];
  if (tail === undefined || tail.length === 4) return tail ?? null;
  throw new VkeysError(
    'usage',
    'That is a key of which most is left out, and not with its last four letters.',
    'A masked key is written sk-...w4TQ; its alias, its hash or the whole key (on standard input, with -) name it too.',
  );
}

/**
 * A secret where there is one: alone, in quotes, behind `Bearer` or `OPENAI_API_KEY=`, in JSON. Throws `usage` for several,
 * and for what is the secret of something else.
 */
export function secretIn(text: string): Secret | null {
  const found = [...text.matchAll(SECRETS)].map(([, short, secret = short ?? '']) => secret);
  const [first, ...others] = new Set(found);
  if (others.length > 0) {
    const hint = 'Give one key in each word, or on each line of standard input: -';
    throw new VkeysError('usage', 'There are several keys in one word.', hint);
  }
  if (first !== undefined) return new Secret(first);
  if (!TOKEN.test(text)) return null;
  throw new VkeysError(
    'usage',
    'That is a token of a login or a cluster, and not a key of LiteLLM, which begins with sk-.',
    'Give an alias, a hash, sk-...w4TQ, or the key itself on standard input: -',
  );
}

/** Whether there is a secret in a text, or the beginning of one. */
export function hasSecret(text: string): boolean {
  return text.search(SECRETS) !== -1;
}

/** Behind what is put around a key, or, where it is as long as keys are, behind whatever is no letter of a name. */
const SECRETS =
  /(?:^|[\s"'`=:,;([{<“„‘«])(sk-[^\s"'`,;)\]}<>”“’»]*)|(?:%[0-9A-Fa-f]{2}|(?<![\p{L}\p{N}_-]))(sk-[\w-]{16,})/gu;

/** How a login's and a cluster's tokens begin. */
const TOKEN = /^(?:bearer\s+)?(?:eyJ[\w-]+\.[\w-]+|sha256~)/i;

/** Whether the word may name this key. The beginning of a hash may be an alias as well. */
export function isNamed(
  { is, text }: Selector,
  { id, name, key_name }: Pick<Live, 'id' | 'name' | 'key_name'>,
): boolean {
  switch (is) {
    case 'alias':
      return name === text;
    case 'glob':
      return name !== null && globPattern(text).test(name);
    case 'hash':
    case 'secret':
      return id === text;
    case 'beginning':
      return name === text || id.startsWith(text.toLowerCase());
    case 'mask':
      return key_name?.endsWith(text) === true;
  }
}

/** Whether a key is what the filter says. */
export function passes(
  { set, user, team, status, olderThan, accessibleTo }: KeyFilter,
  live: Live,
  now: Date,
): boolean {
  return (
    (set === undefined || live.mark?.set === set) &&
    (user === undefined || live.settings['user_id'] === user) &&
    (team === undefined || live.settings['team_id'] === team) &&
    (status === undefined || statusOf(live, now) === status) &&
    (olderThan === undefined || isOlder(live, olderThan, now)) &&
    (accessibleTo === undefined || accessOf(live, accessibleTo) !== null)
  );
}

/** Whether a key was made so long ago; of one that does not say when, nobody knows. */
function isOlder({ created_at }: Live, duration: string, now: Date): boolean {
  return created_at !== null && endOf(duration, new Date(created_at)) <= now;
}
