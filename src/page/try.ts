/** The button that tries the key: it asks the gateway for its models, and nothing that costs anything. */
import { filled } from '../handout/language.ts';
import type { Letter } from '../handout/envelope.ts';
import type { LetterWords } from '../handout/letter-words.ts';
import { element } from './element.ts';

/** So many models are named. */
const SOME = 5;

export function tryButton(letter: Letter, words: LetterWords): HTMLElement {
  const button = element('button', { type: 'button', class: 'second' }, words.tryIt);
  const said = element('p', { role: 'status', class: 'tried' });
  const say = (text: string, how: string): void => {
    said.textContent = text;
    said.className = `tried ${how}`;
  };
  const press = async (): Promise<void> => {
    button.disabled = true;
    say(words.trying, '');
    try {
      const headers = { Authorization: `Bearer ${letter.key}` };
      const answer = await fetch(`${letter.api_endpoint}/v1/models`, { headers, referrerPolicy: 'no-referrer' });
      if (answer.ok) say(filled(words.works, { models: someOf(await answer.json(), words) }), 'good');
      else say(filled(words.refused, { status: String(answer.status) }), 'bad');
    } catch {
      say(words.unreachable, 'bad');
    }
    button.disabled = false;
    button.focus();
  };
  button.addEventListener('click', () => void press());
  return element('div', { class: 'try' }, button, said);
}

function someOf(answer: unknown, words: LetterWords): string {
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : [];
  const names = (Array.isArray(data) ? data : []).flatMap((each: unknown) =>
    typeof each === 'object' && each !== null && 'id' in each && typeof each.id === 'string' ? [each.id] : [],
  );
  if (names.length === 0) return words.allModels;
  return `${names.slice(0, SOME).join(', ')}${names.length > SOME ? ' …' : ''}`;
}
