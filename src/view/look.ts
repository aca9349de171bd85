import { Chalk, type ChalkInstance } from 'chalk';

/** How and when a text will be read. */
export type Look = {
  /** Chalk's level: 0 is no colour. */
  readonly color: 0 | 1 | 2 | 3;
  /** The terminal's width; `null` when the reader is a program. */
  readonly columns: number | null;
  readonly now: Date;
  /** The reader's folder: a path below it is told from there. */
  readonly cwd: string;
};

/** The colours of this look. */
export function paint({ color }: Look): ChalkInstance {
  return new Chalk({ level: color });
}

/** The width to wrap at: a log has lines too. */
export function widthOf({ columns }: Look): number {
  return columns ?? 100;
}
