/** The languages of hand-outs for people. */
export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Texts with a word for each language, by name: the compiler demands them all. */
export type Dictionary = Readonly<Record<string, Readonly<Record<Language, string>>>>;
/** The same in one language. */
export type Words<D extends Dictionary> = Readonly<Record<keyof D, string>>;

export function inLanguage<D extends Dictionary>(dictionary: D, language: Language): Words<D> {
  const words = Object.entries(dictionary).map(([name, texts]) => [name, texts[language]]);
  // oxlint-disable-next-line no-unsafe-type-assertion -- it has these names and no others
  return Object.fromEntries(words) as Words<D>;
}

/** The moment in words, in the zone of whoever reads it or in that which is given. */
export function momentIn(language: string, moment: string, timeZone?: string): string {
  const how = { dateStyle: 'long', timeStyle: 'short', ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const zone = new Intl.DateTimeFormat(language, { timeZoneName: 'short', timeZone }).formatToParts(new Date(moment));
  const name = zone.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${new Intl.DateTimeFormat(language, how).format(new Date(moment))} ${name}`.trim();
}

const UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month' } as const;

/** LiteLLM's `30d` in words: `30 days`; of `1d` the unit alone, as in `5 dollars per day`. */
export function spanIn(language: string, duration: string): string {
  const [, count, letters = ''] = /^(\d+)([a-z]+)$/.exec(duration) ?? [];
  const unit = Object.entries(UNITS).find(([name]) => name === letters)?.[1];
  if (unit === undefined || count === undefined) return duration;
  const parts = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(
    Number(count),
  );
  const told = count === '1' ? parts.filter(({ type }) => type === 'unit') : parts;
  return told.map(({ value }) => value).join('');
}

export function dollarsIn(language: string, amount: number): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' }).format(amount);
}

/** The text with its `{name}`s filled in. What is no name of these stays: snippets have braces of their own. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (part, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : part,
  );
}
