/** What can be wrong, in words. */
/** What must never be, and how often it was is a figure of the campaign. */
export const WRONGS = [
  'keys lost',
  'duplicates',
  'foreign keys touched',
  'keys unlike the spec',
  'wrong exit codes',
  'failures without words',
  'untrue reports',
  'stack traces',
  'hangs',
  'secrets told',
  'redirects followed',
  'useless hand-outs',
  'other broken promises',
] as const;
export type Wrong = (typeof WRONGS)[number];

export type Problem = { readonly wrong: Wrong; readonly text: string };

export function problem(wrong: Wrong, text: string): Problem {
  return { wrong, text };
}

/** `field`: the setting that is not as wanted, where it is one. */
export type Undone = Problem & { readonly field: string | null };

export function undone(wrong: Wrong, text: string, field: string | null = null): Undone {
  return { wrong, text, field };
}
