/** Tabs as the ARIA pattern has them: one stop for Tab, arrows between them. */
import { element } from './element.ts';

export type Tab = { readonly id: string; readonly label: string; readonly content: () => readonly Node[] };

/** `redraw` fills the open tab anew. */
export type Tabs = { readonly nodes: readonly Node[]; readonly redraw: () => void };

export function tabs(label: string, all: readonly Tab[]): Tabs {
  const list = element('div', { role: 'tablist', 'aria-label': label });
  const panel = element('div', { role: 'tabpanel', id: 'panel', tabindex: '0' });
  const buttons = all.map((tab) =>
    element('button', { type: 'button', role: 'tab', id: `tab-${tab.id}`, 'aria-controls': 'panel' }, tab.label),
  );
  list.append(...buttons);
  let current = 0;
  const redraw = (): void => panel.replaceChildren(...(all[current]?.content() ?? []));
  const select = (index: number): void => {
    current = (index + all.length) % all.length;
    for (const [at, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(at === current));
      button.tabIndex = at === current ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', buttons[current]?.id ?? '');
    redraw();
  };
  for (const [index, button] of buttons.entries()) button.addEventListener('click', () => select(index));
  list.addEventListener('keydown', (event) => {
    const next = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    select(next);
    buttons[current]?.focus();
  });
  select(0);
  return { nodes: [list, panel], redraw };
}
