import { createHash } from 'node:crypto';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that must not be seen: string conversion, JSON and console.log all print `[secret]`.
 * `reveal()` is the one way out, so a search for it finds every place where a secret leaves.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** The SHA-256 of the secret in lowercase hex: LiteLLM's name (`token`, `key_id`) for the key. */
  hash(): string {
    return createHash('sha256').update(this.#value, 'utf8').digest('hex');
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

/**
 * Removes key material from a text that came from outside (a server's message, a command's stderr):
 * LiteLLM's keys, OpenShift and JWT tokens, and the given secrets in whatever form they have.
 */
export function redact(text: string, secrets: Iterable<Secret> = []): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length >= 4) clean = clean.replaceAll(value, '[secret]');
  }
  return clean
    .replaceAll(/(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{4,}/g, 'sk-[secret]')
    .replaceAll(/sha256~[A-Za-z0-9_-]+/g, 'sha256~[secret]')
    .replaceAll(/eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){0,2}/g, (token) => (token.includes('.') ? '[secret]' : token));
}
