/** The program inside the page: a code is typed, or came in the link's fragment, and the letter that it opens is shown. */
import { filled } from '../handout/language.ts';
import type { PageData } from '../handout/page-data.ts';
import { codeIn } from './code-in.ts';
import { announce, byId } from './element.ts';
import { letterView } from './letter.ts';
import { open } from './open.ts';

// oxlint-disable-next-line no-unsafe-type-assertion -- vkeys wrote it into this page
const data = JSON.parse(byId('data', HTMLScriptElement).text) as PageData;
const { words } = data;
const door = byId('door', HTMLElement);
const letter = byId('letter', HTMLElement);
const problem = byId('problem', HTMLElement);
const form = byId('form', HTMLFormElement);
const input = byId('code', HTMLInputElement);
const button = byId('unlock', HTMLButtonElement);
const progress = byId('progress', HTMLProgressElement);

/** The code that is being opened: the answer to an older one comes too late. */
let latest: string | null = null;

async function show(typed: string): Promise<void> {
  const code = codeIn(typed);
  if (code === latest) return;
  latest = code;
  tell('');
  busy(true);
  announce(words.opening);
  let quarter = 0;
  const answer = await open(code, data, (part) => {
    if (code !== latest) return;
    progress.hidden = false;
    progress.value = part;
    if (Math.floor(part * 4) === quarter) return;
    quarter = Math.floor(part * 4);
    announce(filled(words.openingSlowly, { percent: String(quarter * 25) }));
  });
  if (code !== latest) return;
  latest = null;
  busy(false);
  announce('');
  if ('problem' in answer) return tell(answer.problem);
  letter.replaceChildren(...letterView(answer.letter, data, close));
  door.hidden = true;
  letter.hidden = false;
  scrollTo(0, 0);
  byId('letter-heading', HTMLElement).focus();
}

function close(): void {
  letter.replaceChildren();
  letter.hidden = true;
  door.hidden = false;
  input.value = '';
  input.focus();
}

function busy(is: boolean): void {
  form.setAttribute('aria-busy', String(is));
  button.textContent = is ? words.opening : words.unlock;
  progress.hidden = true;
}

/** Says what is wrong beside the field, which is then the place to mend it. */
function tell(text: string): void {
  problem.textContent = text;
  problem.hidden = text === '';
  input.setAttribute('aria-invalid', String(text !== ''));
  if (text !== '') input.focus();
}

/** The link of a QR code. It does not stay in the address bar, for the next one who looks at the screen. */
function followLink(): void {
  const code = codeIn(location.hash);
  if (code === '') return;
  history.replaceState(null, '', location.pathname + location.search);
  input.value = code;
  letter.hidden = true;
  door.hidden = false;
  void show(code);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void show(input.value);
});
addEventListener('hashchange', followLink);
followLink();
