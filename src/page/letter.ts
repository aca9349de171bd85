/** An opened letter: the key, what it is good for, and how to use it. */
import { dollarsIn, filled, momentIn, spanIn } from '../handout/language.ts';
import type { Letter } from '../handout/envelope.ts';
import type { PageData } from '../handout/page-data.ts';
import { clients } from './clients.ts';
import { copyButton } from './copy.ts';
import { element } from './element.ts';
import { tryButton } from './try.ts';

/** `close` puts it away again. */
export function letterView(letter: Letter, data: PageData, close: () => void): readonly Node[] {
  const { words, tries } = data;
  const { name, key, api_endpoint, models } = letter;
  const title = name === undefined ? words.heading : filled(words.headingFor, { name });
  const away = element('button', { type: 'button', class: 'second close' }, words.close);
  away.addEventListener('click', close);
  return [
    element('div', { class: 'head' }, element('h1', { id: 'letter-heading', tabindex: '-1' }, title), away),
    element('p', { class: 'keep' }, words.keep),
    copied(words.key, key, data),
    copied(words.baseUrl, `${api_endpoint}/v1`, data),
    element(
      'dl',
      {},
      fact(words.models, models.length === 0 ? words.allModels : models.join(', ')),
      fact(words.budget, budgetText(letter, data)),
      fact(words.ends, endText(letter, data)),
    ),
    ...(tries ? [tryButton(letter, words)] : []),
    clients(letter, data),
  ];
}

function copied(label: string, value: string, { words }: PageData): HTMLElement {
  return element(
    'div',
    { class: 'value' },
    element('span', { class: 'label' }, label),
    element(
      'div',
      { class: 'line' },
      element('code', {}, value),
      copyButton(words, label, () => value),
    ),
  );
}

function fact(name: string, value: string): HTMLElement {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}

function budgetText({ max_budget, budget_duration }: Letter, { language, words }: PageData): string {
  if (max_budget === undefined) return words.noBudget;
  const amount = dollarsIn(language, max_budget);
  if (budget_duration === undefined) return amount;
  return filled(words.budgetEach, { amount, span: spanIn(language, budget_duration) });
}

function endText({ expires }: Letter, { language, words }: PageData): string {
  if (expires === null) return words.never;
  const moment = momentIn(language, expires);
  return Date.parse(expires) > Date.now() ? moment : filled(words.ended, { moment });
}
