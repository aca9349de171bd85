/** What cards and notes say of one attendee, in the order in which they say it. */
import type { Attendee, Style } from './attendee.ts';
import { linkOf } from './attendee.ts';
import { dollarsIn, filled, inLanguage, momentIn, spanIn } from './language.ts';
import { LETTER_WORDS } from './letter-words.ts';
import { PAPER_WORDS } from './paper-words.ts';

type Fact = readonly [name: string, value: string];

export type Paper = {
  readonly seat: string;
  /** `null`: names were not asked for. */
  readonly name: string | null;
  /** The code, or the key itself. */
  readonly secret: { readonly label: string; readonly text: string };
  /** For a camera: the link, or the secret where nobody knows where the page will be. */
  readonly scan: { readonly label: string; readonly text: string };
  readonly link: Fact | null;
  /** The page, and the gateway. */
  readonly places: readonly Fact[];
  readonly facts: readonly Fact[];
  readonly ends: Fact;
  readonly steps: readonly string[];
};

/** `isCard`: it is held before a camera; a note is clicked on. */
export function paperOf(attendee: Attendee, style: Style, isCard: boolean): Paper {
  const { language, names, show, pageUrl, zone } = style;
  const { seat, code, key, name, about } = attendee;
  const words = { ...inLanguage(LETTER_WORDS, language), ...inLanguage(PAPER_WORDS, language) };
  const { api_endpoint, models, max_budget, budget_duration, expires } = about;
  const link = show === 'code' ? linkOf(attendee, pageUrl) : null;
  const secret =
    show === 'code' ? { label: words.code, text: code.reveal() } : { label: words.key, text: key.reveal() };
  const [label, text] =
    link === null ? [show === 'code' ? words.scanCode : words.scanKey, secret.text] : [words.scanLink, link];
  const amount = max_budget === undefined ? words.noBudget : dollarsIn(language, max_budget);
  const budget =
    max_budget === undefined || budget_duration === undefined
      ? amount
      : filled(words.budgetEach, { amount, span: spanIn(language, budget_duration) });
  const [model] = models;
  const isPaged = show === 'code' && pageUrl !== null;
  return {
    seat: `${words.seat} ${String(seat)}`,
    name: names ? name : null,
    secret,
    scan: { label, text },
    link: link === null ? null : [words.link, link],
    places: [
      ...(isPaged ? [[words.page, pageUrl.replace(/#.*$/, '')] as const] : []),
      [words.baseUrl, `${api_endpoint}/v1`],
    ],
    facts: [
      [words.models, models.length === 0 ? words.allModels : models.join(', ')],
      [words.budget, budget],
    ],
    ends: [words.ends, expires === null ? words.never : momentIn(language, expires, zone)],
    steps:
      show === 'code'
        ? [
            ...(link === null
              ? [words.openFile, words.typeCode]
              : isCard
                ? [words.scanOrOpen, words.typeCode]
                : [words.openLink]),
            words.copyKey,
          ]
        : [words.setKey, words.setUrl, model === undefined ? words.anyModel : filled(words.setModel, { model })],
  };
}
