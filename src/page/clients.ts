/** A tab for each client, for the model and the system that are chosen above them. */
import { filled } from '../handout/language.ts';
import type { Letter } from '../handout/envelope.ts';
import type { ClientTab, PageData } from '../handout/page-data.ts';
import { copyButton } from './copy.ts';
import { element } from './element.ts';
import { fileText, SHELLS, valuesOf, variablesText, type Shell } from './snippets.ts';
import { tabs } from './tabs.ts';

export function clients(letter: Letter, { words, clients: all }: PageData): HTMLElement {
  let [model = null] = letter.models;
  let shell: Shell = /win/i.test(navigator.platform) ? 'powershell' : 'posix';
  const block = (title: string, label: string, text: string): HTMLElement =>
    element(
      'div',
      { class: 'snippet' },
      element(
        'div',
        { class: 'bar' },
        element('span', {}, title),
        copyButton(words, `${label}, ${title}`, () => text),
      ),
      element('pre', { tabindex: '0', role: 'region', 'aria-label': `${label}, ${title}` }, element('code', {}, text)),
    );
  const content = (tab: ClientTab): readonly Node[] => {
    const values = valuesOf(letter, model);
    const title = shell === 'dotenv' ? words.dotenv : `${words.variables} (${SHELLS[shell]})`;
    const variables = block(title, tab.label, variablesText(tab, values, shell));
    const { file } = tab;
    const named = file === null ? '' : filled(words.intoFile, { path: file.path });
    return [
      variables,
      ...(file === null ? [] : [block(named, tab.label, fileText(file.text, values).trimEnd())]),
      ...(tab.note === null
        ? []
        : [element('p', { class: 'note', lang: 'en' }, filled(tab.note, { model: 'MODEL', ...values }))]),
    ];
  };
  const { nodes, redraw } = tabs(
    words.clients,
    all.map((tab) => ({ id: tab.client, label: tab.label, content: () => content(tab) })),
  );
  const models = letter.models.map((name) => [name, name] as const);
  return element(
    'section',
    { class: 'clients', 'aria-labelledby': 'clients' },
    element('h2', { id: 'clients' }, words.clients),
    element(
      'div',
      { class: 'choices' },
      choice(words.shell, Object.entries(SHELLS), shell, (chosen) => {
        // oxlint-disable-next-line no-unsafe-type-assertion -- one of the names above
        shell = chosen as Shell;
        redraw();
      }),
      ...(models.length < 2
        ? []
        : [
            choice(words.model, models, model ?? '', (chosen) => {
              model = chosen;
              redraw();
            }),
          ]),
    ),
    ...nodes,
  );
}

function choice(
  label: string,
  options: readonly (readonly [string, string])[],
  first: string,
  chosen: (value: string) => void,
): HTMLElement {
  const select = element(
    'select',
    {},
    ...options.map(([value, text]) =>
      element('option', { value, ...(value === first ? { selected: true } : {}) }, text),
    ),
  );
  select.addEventListener('change', () => chosen(select.value));
  return element('label', {}, element('span', {}, label), select);
}
