import type { Environment } from '../../base/variables.ts';

const PART = /\$\$|\$\{([^}]*)\}/g;
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** A text with its `${NAME}`s, `${NAME:-default}`s and `$$`s replaced, and what could not be: names that are not set, and no names at all. */
export type Interpolated = {
  readonly text: string;
  readonly unset: readonly string[];
  readonly malformed: readonly string[];
  /** Whether a variable has its part in it. */
  readonly filled: boolean;
};

/** As in a shell, `:-` also stands in for an empty variable. What could not be replaced leaves its name. */
export function interpolate(text: string, env: Environment): Interpolated {
  const unset: string[] = [];
  const malformed: string[] = [];
  let isFilled = false;
  const filled = text.replaceAll(PART, (part: string, inside: string | undefined) => {
    if (inside === undefined) return '$';
    const [, name, fallback] = NAME.exec(inside) ?? [];
    if (name === undefined) {
      malformed.push(part);
      return inside.trim();
    }
    const value = env[name];
    const isThere = value != null && value !== '';
    isFilled ||= isThere;
    if (fallback !== undefined) return isThere ? value : fallback;
    if (value == null) unset.push(name);
    return value ?? name;
  });
  return { text: filled, unset, malformed, filled: isFilled };
}
