import { createHash } from 'node:crypto';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that must not be seen: string conversion, JSON and console.log all print `[secret]`.
 * `reveal()` is the one way out, so a search for it finds every place where a secret leaves.
 */
export class Secret {
  readonly #value: string;
  readonly #closed: { readonly hash: string; readonly why: Error } | null;

  constructor(value: string, closed: { readonly hash: string; readonly why: Error } | null = null) {
    this.#value = value;
    this.#closed = closed;
  }

  /** A secret of which only the hash is known here: `reveal` throws `why`. */
  static closed(hash: string, why: Error): Secret {
    return new Secret('', { hash, why });
  }

  /** Whether `reveal` answers. */
  isOpen(): boolean {
    return this.#closed === null;
  }

  reveal(): string {
    if (this.#closed !== null) throw this.#closed.why;
    return this.#value;
  }

  /** The SHA-256 of the secret in lowercase hex: LiteLLM's name (`token`, `key_id`) for the key. */
  hash(): string {
    return this.#closed?.hash ?? createHash('sha256').update(this.#value, 'utf8').digest('hex');
  }

  /** `sk-…wXyZ`: enough to tell keys apart, useless to anyone else. */
  masked(): string {
    return this.#value.length < 12 ? 'sk-…' : `sk-…${this.#value.slice(-4)}`;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect](): string {
    return '[secret]';
  }
}

/** Shorter ones are words as well, and a text would be spoiled. */
const SHORTEST_HELD = 8;
const held = new Set<string>();

/** Ends what is held: with the run. */
export function release(): void {
  held.clear();
}

/**
 * From here on `redact` takes this secret out of every text: for credentials, and values of a spec that came from the
 * environment, which need not look like keys. What does is known by its looks.
 */
export function hold<S extends Secret>(secret: S): S {
  const value = secret.reveal();
  if (value.length >= SHORTEST_HELD && !value.startsWith('sk-')) for (const form of formsOf(value)) held.add(form);
  return secret;
}

/**
 * Removes key material from a text that came from outside (a server's message, a command's stderr):
 * LiteLLM's keys, OpenShift and JWT tokens, the secrets that are held, and the given ones, also as JSON and URLs write them.
 */
export function redact(text: string, secrets: Iterable<Secret> = []): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < 4) continue;
    for (const form of formsOf(value)) clean = clean.replaceAll(form, '[secret]');
  }
  for (const form of held) clean = clean.replaceAll(form, '[secret]');
  return withoutKeys(clean);
}

/** Whether there is key material in a text, by its looks. */
export function hasKey(text: string): boolean {
  return withoutKeys(text) !== text;
}

function withoutKeys(text: string): string {
  return text
    .replaceAll(/(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{4,}/g, 'sk-[secret]')
    .replaceAll(/sha256~[A-Za-z0-9_-]+/g, 'sha256~[secret]')
    .replaceAll(/eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){0,2}/g, (token) => (token.includes('.') ? '[secret]' : token));
}

/** As it is, in JSON, and in a URL; a lone surrogate has no place in one. */
function formsOf(value: string): ReadonlySet<string> {
  return new Set([
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.replaceAll(/[\uD800-\uDFFF]/gu, '')),
  ]);
}
