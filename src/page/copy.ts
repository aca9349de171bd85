/** Copying, also where the browser has no clipboard for the page because it came over plain http. */
import { filled } from '../handout/language.ts';
import type { LetterWords } from '../handout/letter-words.ts';
import { announce, element } from './element.ts';

/** The button says that it worked for so long, in milliseconds. */
const SAID = 2000;

/** A button that copies what `text` answers when it is pressed. `what`: for who does not see beside what it stands. */
export function copyButton(words: LetterWords, what: string, text: () => string): HTMLButtonElement {
  const label = element('span', { 'aria-hidden': 'true' }, words.copy);
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': filled(words.copyWhat, { what }) },
    label,
  );
  const press = async (): Promise<void> => {
    const isDone = await copy(text());
    announce(isDone ? `${words.copied}: ${what}` : words.notCopied);
    if (!isDone) return;
    label.textContent = words.copied;
    button.classList.add('done');
    setTimeout(() => {
      label.textContent = words.copy;
      button.classList.remove('done');
    }, SAID);
  };
  button.addEventListener('click', () => void press());
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const area = element('textarea', { class: 'unseen', readonly: true, 'aria-hidden': 'true', tabindex: '-1' }, text);
  document.body.append(area);
  area.select();
  // oxlint-disable-next-line no-deprecated -- the one way without a secure context
  const isDone = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isDone;
}
